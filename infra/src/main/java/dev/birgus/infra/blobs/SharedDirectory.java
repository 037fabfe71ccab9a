package dev.birgus.infra.blobs;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;

/**
 * Blobs in a directory that all nodes have mounted, at {@code <algorithm>/<hex>}. A blob is written
 * beside its place, forced to the disk and renamed into it.
 *
 * <p>File locks are not asked for anything: on a shared volume they may hold on one machine only.
 * So what a writer left that was killed is known by its age, by the clock of the volume, and
 * nothing keeps a blob from being deleted by others but the time it was last used: reading and
 * publishing a blob set that.
 */
public final class SharedDirectory implements SharedBlobs {

  /** Far longer than a blob takes to be written. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private static final String PARTIAL = "partial";
  private static final int BUFFER = 1 << 18;
  private static final int ATTEMPTS = 2;

  private final Path directory;

  private SharedDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens a directory, and removes what writers have abandoned there.
   *
   * @param directory which is there: a volume that is not mounted must not be taken for an empty
   *     one
   * @throws StorageException {@code blobs-unusable} if it is not, or cannot be written to
   */
  public static SharedDirectory open(Path directory) throws IOException {
    requireNonNull(directory, "directory");
    if (!Files.isDirectory(directory)) {
      throw unusable(directory, "there is no such directory", new NoSuchFileException(""));
    }
    try {
      var partial = Files.createDirectories(directory.resolve(PARTIAL));
      Files.createDirectories(directory.resolve("sha256"));
      Files.createDirectories(directory.resolve("sha512"));
      sweep(partial);
      return new SharedDirectory(directory);
    } catch (IOException failed) {
      throw explained(directory, failed);
    }
  }

  private static void sweep(Path partial) throws IOException {
    var now = volumeTime(partial);
    try (var files = Files.newDirectoryStream(partial)) {
      for (var file : files) {
        removeIfAbandoned(file, now.minus(ABANDONED));
      }
    }
  }

  /** The time the volume gives to a new file is the time of its clock, which may not be ours. */
  private static Instant volumeTime(Path partial) throws IOException {
    try {
      var probe = Files.createTempFile(partial, "clock-", null);
      var now = Files.getLastModifiedTime(probe).toInstant();
      Files.delete(probe);
      return now;
    } catch (IOException failed) {
      if (DiskSpace.isExhausted(failed)) {
        // All the more reason to sweep, and what is on a full volume can still be read.
        return InstantSource.system().instant();
      }
      throw failed;
    }
  }

  private static void removeIfAbandoned(Path file, Instant limit) throws IOException {
    try {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException | AccessDeniedException othersDoIt) {
      // Another node was faster, or it is another user's.
    }
  }

  @Override
  public void check() throws IOException {
    try {
      Files.delete(Files.createTempFile(directory.resolve(PARTIAL), "check-", null));
    } catch (IOException failed) {
      throw explained(directory, failed);
    }
  }

  @Override
  public OptionalLong size(Digest digest) throws IOException {
    try {
      return OptionalLong.of(Files.size(place(digest)));
    } catch (NoSuchFileException none) {
      return OptionalLong.empty();
    }
  }

  private Path place(Digest digest) {
    return directory.resolve(digest.algorithm()).resolve(digest.hex());
  }

  @Override
  public boolean fetch(Digest digest, BlobStore own) throws IOException {
    var size = size(digest);
    if (size.isEmpty()) {
      return false;
    }
    used(digest);
    try (var writer = own.createCopy();
        var content =
            new ResumingInputStream(offset -> openAt(digest, offset), size.getAsLong(), ATTEMPTS)) {
      content.transferTo(writer);
      writer.commit(digest, size.getAsLong());
      return true;
    } catch (NoSuchFileException deletedMeanwhile) {
      return false;
    } catch (DigestMismatchException damaged) {
      throw new StorageException(
          Failure.of(
              "blob-damaged",
              "the blob " + place(digest) + " is damaged: " + damaged.getMessage(),
              "Delete that file and build again, and see what is wrong with the volume."),
          damaged);
    }
  }

  private InputStream openAt(Digest digest, long offset) throws IOException {
    return Channels.newInputStream(FileChannel.open(place(digest)).position(offset));
  }

  /** What was used last is what whoever cleans up should delete last. */
  private void used(Digest digest) throws IOException {
    try {
      // Days count here: it does not matter that our clock is not quite that of the volume.
      Files.setLastModifiedTime(place(digest), FileTime.from(InstantSource.system().instant()));
    } catch (AccessDeniedException | NoSuchFileException othersMay) {
      // It can be read all the same, or is gone, which the reading will tell.
    }
  }

  @Override
  public void publish(Digest digest, BlobStore own) throws IOException {
    var wanted = own.size(digest).orElseThrow(() -> new NoSuchFileException(digest.toString()));
    try {
      if (size(digest).equals(OptionalLong.of(wanted))) {
        used(digest);
        return;
      }
      write(digest, own);
    } catch (IOException failed) {
      throw explained(directory, failed);
    }
  }

  private void write(Digest digest, BlobStore own) throws IOException {
    var partial = Files.createTempFile(directory.resolve(PARTIAL), "blob-", null);
    try {
      try (var content = own.open(digest);
          var file = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        var out = Channels.newOutputStream(file);
        var buffer = new byte[BUFFER];
        for (var count = content.read(buffer); count >= 0; count = content.read(buffer)) {
          out.write(buffer, 0, count);
        }
        // Other nodes build on it: it must outlive a crash of whoever keeps the volume.
        file.force(true);
      }
      // Every node may read it, whoever its processes run as.
      setReadable(partial);
      Files.move(partial, place(digest), StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static void setReadable(Path file) throws IOException {
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    } catch (UnsupportedOperationException noModesHere) {
      // Then they do not keep anybody out either.
    }
  }

  private static IOException explained(Path directory, IOException failed) {
    if (failed instanceof StorageException) {
      return failed;
    }
    return unusable(
        directory,
        DiskSpace.isExhausted(failed) ? "its disk is full" : String.valueOf(failed),
        failed);
  }

  private static StorageException unusable(Path directory, String why, IOException cause) {
    return new StorageException(
        Failure.of(
            "blobs-unusable",
            "cannot use the shared directory of blobs " + directory + ": " + why,
            "See that the volume is mounted on this node, may be written to, and has space left."),
        cause);
  }

  @Override
  public void close() {
    // Nothing is open between two calls.
  }
}
