package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.blobs.DiskSpace;
import dev.birgus.infra.blobs.OneAtATime;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.node.PlainTree;
import dev.birgus.infra.node.ProcessFolder;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Contexts that came as blobs, as {@link ContextPacker} packs them. Each is unpacked once on a
 * node, into a folder that processes share and that is there whole or not at all; a {@link
 * ContextShelf} removes what nobody uses. Threads may share it.
 */
public final class BlobContextStore implements ContextStore, AutoCloseable {

  /** How many contexts are kept in memory, with what is in them. */
  private static final int REMEMBERED = 8;

  private final BlobStore blobs;
  private final Path root;
  private final ProcessFolder folder;
  private final TarUnpacker unpacker;
  private final Leases leases;
  private final Journal journal;
  private final OneAtATime<Digest> turns = new OneAtATime<>();
  private final AtomicLong counter = new AtomicLong();
  private final Map<Digest, UnpackedContext> remembered = new LinkedHashMap<>(16, 0.75f, true);

  private BlobContextStore(
      BlobStore blobs, ProcessFolder folder, Settings settings, Leases leases, Journal journal) {
    this.blobs = blobs;
    this.folder = folder;
    this.root = requireNonNull(folder.path().getParent(), "parent");
    this.unpacker = new TarUnpacker(settings.limits());
    this.leases = leases;
    this.journal = journal;
  }

  /**
   * Where contexts are unpacked.
   *
   * @param root a folder for contexts alone; made if it is missing
   * @param limits of what one of them may unpack to
   */
  public record Settings(Path root, UnpackLimits limits) {
    public Settings {
      requireNonNull(root, "root");
      requireNonNull(limits, "limits");
    }
  }

  /**
   * Opens a store, and removes what was being unpacked by processes that were killed.
   *
   * @param blobs where the contexts are, packed
   * @param leases taken of all contexts that are opened
   */
  public static BlobContextStore open(
      BlobStore blobs, Settings settings, Leases leases, Journal journal) throws IOException {
    requireNonNull(blobs, "blobs");
    var folder =
        ProcessFolder.open(settings.root(), ContextShelf.DRAFT, PlainTree::remove, journal);
    // There may be files in them that only their owner is to read.
    Files.setPosixFilePermissions(settings.root(), PosixFilePermissions.fromString("rwx------"));
    return new BlobContextStore(blobs, folder, settings, leases, journal);
  }

  /**
   * Opens a context, which is fetched and unpacked if this node has not got it.
   *
   * @throws IllegalArgumentException if the name is not that of a blob
   * @throws dev.birgus.infra.contracts.FailureException {@code context-missing} if there is no such
   *     blob, {@code bad-archive} if it is no tar or a hostile one
   */
  @Override
  public Context open(ContextRef ref) throws IOException {
    var digest =
        ref.blob()
            .orElseThrow(
                () -> new IllegalArgumentException("the context " + ref.id() + " is in no blob"));
    leases.take(ContextShelf.lease(digest));
    try (var _ = turns.take(digest)) {
      var known = known(digest);
      return known.isPresent() ? known.get() : unpack(digest);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for a build context");
    }
  }

  private Optional<UnpackedContext> known(Digest digest) throws IOException {
    var place = ContextShelf.place(root, digest);
    var index = place.resolve(ContextShelf.INDEX);
    try {
      Files.setLastModifiedTime(index, FileTime.from(leases.now()));
    } catch (NoSuchFileException notHere) {
      return Optional.empty();
    }
    synchronized (remembered) {
      var context = remembered.get(digest);
      if (context != null) {
        return Optional.of(context);
      }
    }
    try {
      return Optional.of(
          remember(digest, new UnpackedContext(files(place), ContextIndexFile.read(index))));
    } catch (IOException | RuntimeException broken) {
      journal.log(
          Journal.Level.WARN,
          "an unpacked build context cannot be used and is unpacked again",
          Map.of(LogKeys.PATH, place.toString(), LogKeys.ERROR, String.valueOf(broken)));
      PlainTree.remove(ContextShelf.withdraw(root, digest));
      return Optional.empty();
    }
  }

  private UnpackedContext unpack(Digest digest) throws IOException {
    var draft = folder.path().resolve(Long.toString(counter.incrementAndGet()));
    try {
      Files.createDirectory(draft);
      var files = draft.resolve(ContextShelf.FILES);
      UnpackReport report;
      try (var packed = packed(digest)) {
        report = unpacker.unpack(packed, digest.toString(), files);
      }
      var index = UnpackedContext.look(files, report.excluded());
      ContextIndexFile.write(draft.resolve(ContextShelf.INDEX), report.bytes(), index);
      var place = publish(draft, digest);
      return remember(digest, new UnpackedContext(files(place), index));
    } catch (IOException failed) {
      removeAfter(failed, draft);
      throw explained(digest, failed);
    } catch (RuntimeException failed) {
      removeAfter(failed, draft);
      if (failed.getCause() instanceof IOException cause) {
        // A disk that is full is not the archive's fault.
        explained(digest, cause);
      }
      throw failed;
    }
  }

  /**
   * What to throw for a failure of the system.
   *
   * @throws dev.birgus.infra.contracts.FailureException if the disk takes nothing more
   */
  private IOException explained(Digest digest, IOException failed) {
    var full = DiskSpace.failure("the build context " + digest, root, failed);
    if (full.isPresent()) {
      throw full.get().toException(failed);
    }
    return failed;
  }

  private static void removeAfter(Exception cause, Path draft) {
    try {
      PlainTree.remove(draft);
    } catch (IOException leftForTheSweep) {
      cause.addSuppressed(leftForTheSweep);
    }
  }

  private InputStream packed(Digest digest) throws IOException {
    try {
      return blobs.open(digest);
    } catch (StorageException known) {
      throw known.failure().toException(known);
    } catch (NoSuchFileException missing) {
      throw Failure.of(
              "context-missing",
              "the build context " + digest + " is not in the blob store",
              "Submit the build again. If that does not help, see to it that all nodes have the"
                  + " same blob store, and that it keeps blobs for longer than builds wait.")
          .toException(missing);
    }
  }

  /** Makes it visible, unless another process was faster. */
  private Path publish(Path draft, Digest digest) throws IOException {
    var place = ContextShelf.place(root, digest);
    try {
      Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException there) {
      if (!Files.isRegularFile(place.resolve(ContextShelf.INDEX))) {
        throw there;
      }
      PlainTree.remove(draft);
    }
    return place;
  }

  private static Path files(Path place) throws IOException {
    return place.resolve(ContextShelf.FILES).toRealPath();
  }

  private UnpackedContext remember(Digest digest, UnpackedContext context) {
    synchronized (remembered) {
      remembered.put(digest, context);
      if (remembered.size() > REMEMBERED) {
        remembered.remove(remembered.keySet().iterator().next());
      }
    }
    return context;
  }

  /** Removes what was being unpacked; what is whole stays for later builds. */
  @Override
  public void close() throws IOException {
    folder.close();
  }
}
