package dev.birgus.infra.blobs;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.node.Leases;
import dev.birgus.infra.node.PlainTree;
import dev.birgus.infra.node.ProcessFolder;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Blobs in a directory, at {@code <algorithm>/<hex>} as in an OCI image layout. Several processes
 * may share it.
 *
 * <p>A blob is written beside its place and renamed into it. Nothing is forced to the disk: after a
 * power failure the directory should be thrown away.
 */
public final class DirectoryBlobStore implements BlobStore, AutoCloseable {

  private static final long NEARLY_FULL = 1L << 20;

  private final Path directory;
  private final ProcessFolder session;
  private final Leases leases;
  private final AtomicLong counter = new AtomicLong();

  private DirectoryBlobStore(Path directory, ProcessFolder session, Leases leases) {
    this.directory = directory;
    this.session = session;
    this.leases = leases;
  }

  /** Opens a store nobody removes anything from while it is open. */
  public static DirectoryBlobStore open(Path directory) throws IOException {
    return open(directory, Leases.unneeded(), Journal.silent());
  }

  /**
   * Opens a store, and removes what writers left that were killed.
   *
   * @param directory made if it is missing
   * @param leases taken of all blobs that are read, written or asked for
   * @param journal told of what could not be removed
   * @throws StorageException if the directory cannot be made or written to
   */
  public static DirectoryBlobStore open(Path directory, Leases leases, Journal journal)
      throws IOException {
    requireNonNull(directory, "directory");
    try {
      Files.createDirectories(directory.resolve("sha256"));
      Files.createDirectories(directory.resolve(BlobShelf.MADE));
      var session =
          ProcessFolder.open(directory.resolve("partial"), "writer-", PlainTree::remove, journal);
      return new DirectoryBlobStore(directory, session, leases);
    } catch (IOException cause) {
      throw explained(directory, cause);
    }
  }

  @Override
  public OptionalLong size(Digest digest) throws IOException {
    leases.take(BlobShelf.name(digest));
    try {
      var size = Files.size(path(digest));
      used(path(digest));
      return OptionalLong.of(size);
    } catch (NoSuchFileException _) {
      return OptionalLong.empty();
    }
  }

  @Override
  public InputStream open(Digest digest) throws IOException {
    leases.take(BlobShelf.name(digest));
    return Files.newInputStream(path(digest));
  }

  /** Where the blob is, or would be, for readers that need a file. */
  public Path path(Digest digest) {
    return directory.resolve(digest.algorithm()).resolve(digest.hex());
  }

  /** How long ago that was decides which blobs go first when there are too many. */
  private void used(Path blob) throws IOException {
    try {
      Files.setLastModifiedTime(blob, FileTime.from(leases.now()));
    } catch (AccessDeniedException ofAnotherUser) {
      // It can be read all the same, and is as old as it was.
    }
  }

  @Override
  public BlobWriter create() throws IOException {
    var partial = session.path().resolve(Long.toString(counter.incrementAndGet()));
    try {
      return new FileBlobWriter(
          partial,
          Files.newOutputStream(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (IOException cause) {
      throw explained(directory, cause);
    }
  }

  /** Removes what writers of this store did not commit. */
  @Override
  public void close() throws IOException {
    session.close();
  }

  private static IOException explained(Path directory, IOException cause) {
    if (DiskSpace.isExhausted(cause)) {
      return full(directory, cause);
    }
    try {
      if (Files.exists(directory) && Files.getFileStore(directory).getUsableSpace() < NEARLY_FULL) {
        return full(directory, cause);
      }
    } catch (IOException _) {
      // The first failure says more than the failure to learn about it.
    }
    var readOnly = DiskSpace.failure("blobs", directory, cause);
    if (readOnly.isPresent()) {
      return new StorageException(readOnly.get(), cause);
    }
    return new StorageException(
        Failure.of(
            "storage-failed",
            "cannot write to " + directory + ": " + cause,
            "make the directory writable, or choose another one"),
        cause);
  }

  private static StorageException full(Path directory, IOException cause) {
    return new StorageException(
        Failure.of(
            "disk-full",
            "no space is left for " + directory + ": its disk is full or has no inode left",
            "free some space on that file system (birgus prune deletes what is kept from earlier"
                + " builds), or name a folder on another one with --state-dir or BIRGUS_STATE_DIR"),
        cause);
  }

  /** A file beside the blobs that becomes one of them. */
  private final class FileBlobWriter extends BlobWriter {
    private final Path partial;
    private final OutputStream file;
    private final MessageDigest computation = Digest.newSha256();
    private long size;
    private boolean done;

    FileBlobWriter(Path partial, OutputStream file) {
      this.partial = partial;
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (done) {
        throw new IOException("the blob is already committed or closed");
      }
      try {
        file.write(bytes, offset, length);
      } catch (IOException cause) {
        throw explained(directory, cause);
      }
      computation.update(bytes, offset, length);
      size += length;
    }

    @Override
    public Digest commit() throws IOException {
      finish();
      var digest = Digest.ofSha256(computation.digest());
      if (moveTo(digest)) {
        Files.write(directory.resolve(BlobShelf.MADE).resolve(BlobShelf.mark(digest)), new byte[0]);
      }
      return digest;
    }

    @Override
    public void commit(Digest expected, long expectedSize) throws IOException {
      finish();
      if (size != expectedSize) {
        discard();
        throw new DigestMismatchException(expected, expectedSize, size);
      }
      var actual =
          expected.algorithm().equals("sha256")
              ? Digest.ofSha256(computation.digest())
              : digestAgain(expected);
      if (!actual.equals(expected)) {
        discard();
        throw new DigestMismatchException(expected, actual);
      }
      moveTo(expected);
    }

    private void finish() throws IOException {
      if (done) {
        throw new IOException("the blob is already committed or closed");
      }
      done = true;
      try {
        file.close();
      } catch (IOException cause) {
        discard();
        throw explained(directory, cause);
      }
    }

    /** Whether it was not there before. */
    private boolean moveTo(Digest digest) throws IOException {
      var place = path(digest);
      leases.take(BlobShelf.name(digest));
      if (Files.exists(place)) {
        discard();
        used(place);
        return false;
      }
      try {
        Files.createDirectories(place.getParent());
        Files.move(partial, place, StandardCopyOption.ATOMIC_MOVE);
        return true;
      } catch (IOException cause) {
        discard();
        throw explained(directory, cause);
      }
    }

    /**
     * The digest by an algorithm other than the one computed while writing: rare, so read again.
     */
    private Digest digestAgain(Digest expected) throws IOException {
      var other = expected.newComputation();
      try (var input = Files.newInputStream(partial)) {
        var buffer = new byte[1 << 16];
        for (var n = input.read(buffer); n >= 0; n = input.read(buffer)) {
          other.update(buffer, 0, n);
        }
      }
      return new Digest(expected.algorithm(), java.util.HexFormat.of().formatHex(other.digest()));
    }

    private void discard() throws IOException {
      Files.deleteIfExists(partial);
    }

    @Override
    public void close() throws IOException {
      if (!done) {
        done = true;
        try {
          file.close();
        } finally {
          discard();
        }
      }
    }
  }
}
