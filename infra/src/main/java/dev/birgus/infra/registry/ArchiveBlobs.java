package dev.birgus.infra.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.ParallelGzipOutputStream;
import dev.birgus.infra.blobs.VerifiedInputStream;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * Compresses plain archives into a blob store, each once: a note of its path and its stamp (size,
 * times, inode) says what it became. Equal archives give equal blobs.
 */
public final class ArchiveBlobs {

  private static final int BUFFER = 1 << 16;

  /** Notes are small, but paths may be made up anew for every build. */
  private static final Duration FORGOTTEN = Duration.ofDays(30);

  private final BlobStore blobs;
  private final Path notes;
  private final int threads;

  /**
   * Blobs of archives.
   *
   * @param notes folder of the notes; made if it is missing, and of no harm if it is emptied
   * @param threads how many blocks are compressed at a time, at least 1
   */
  public ArchiveBlobs(BlobStore blobs, Path notes, int threads) {
    this.blobs = requireNonNull(blobs, "blobs");
    this.notes = requireNonNull(notes, "notes");
    this.threads = threads;
    if (threads < 1) {
      throw new IllegalArgumentException("an archive is compressed by " + threads + " threads");
    }
  }

  /** Copies to two places: the blob, and its digest. */
  private static final class Tee extends FilterOutputStream {
    final MessageDigest digest = Digest.newSha256();
    long size;

    Tee(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      digest.update(bytes, offset, length);
      size += length;
    }

    @Override
    public void close() throws IOException {
      // The blob is committed by who made it.
      flush();
    }
  }

  /** What this file became, if it has not changed since and the blob is there still. */
  Optional<RootfsArchive.Packed> remembered(Path file) throws IOException {
    try {
      var note = JsonText.parseObject(Files.readAllBytes(note(file)));
      if (!note.string("stamp").equals(Optional.of(stamp(file)))) {
        return Optional.empty();
      }
      var digest = Digest.parse(note.string("digest").orElseThrow());
      var layer =
          Descriptor.of(MediaType.OCI_LAYER_GZIP, digest, note.number("size").orElseThrow());
      var diffId = Digest.parse(note.string("diffId").orElseThrow());
      return blobs.size(digest).isPresent()
          ? Optional.of(new RootfsArchive.Packed(layer, diffId))
          : Optional.empty();
    } catch (NoSuchFileException
        | JsonSyntaxException
        | IllegalArgumentException
        | java.util.NoSuchElementException none) {
      // A note that is missing or cannot be read is written anew.
      return Optional.empty();
    }
  }

  /**
   * Compresses a tar.
   *
   * @throws RegistryException if it changes meanwhile
   */
  RootfsArchive.Packed compress(Path file) throws IOException {
    var stamp = stamp(file);
    var diffId = Digest.newSha256();
    try (var blob = blobs.create();
        var input = Files.newInputStream(file)) {
      var packed = new Tee(blob);
      try (var workers = Executors.newFixedThreadPool(threads)) {
        try (var gzip =
            new ParallelGzipOutputStream(
                packed, ParallelGzipOutputStream.USUAL_LEVEL, workers, threads + 2)) {
          var buffer = new byte[BUFFER];
          for (var n = input.read(buffer); n >= 0; n = input.read(buffer)) {
            diffId.update(buffer, 0, n);
            gzip.write(buffer, 0, n);
          }
        }
      }
      if (!stamp(file).equals(stamp)) {
        throw changed(file);
      }
      var digest = Digest.ofSha256(packed.digest.digest());
      // A base is of use to later builds, so it is kept as what came from elsewhere is.
      blob.commit(digest, packed.size);
      var layer = Descriptor.of(MediaType.OCI_LAYER_GZIP, digest, packed.size);
      var became = new RootfsArchive.Packed(layer, Digest.ofSha256(diffId.digest()));
      remember(file, stamp, became);
      return became;
    }
  }

  /** The blob an archive became, if it is there. */
  Optional<InputStream> open(Descriptor blob) throws IOException {
    return blobs.size(blob.digest()).isPresent()
        ? Optional.of(
            new VerifiedInputStream(blobs.open(blob.digest()), blob.digest(), blob.size()))
        : Optional.empty();
  }

  private static RegistryException changed(Path file) {
    return new RegistryException(
        Failure.of(
            "archive-changed",
            "cannot use the archive " + file + ": it was changed while it was read",
            "Build again when it is complete."));
  }

  private Path note(Path file) {
    var path = file.toAbsolutePath().normalize().toString();
    return notes.resolve(Digest.sha256(path.getBytes(UTF_8)).hex());
  }

  /** Equal only if the file is the same and was not written to. */
  private static String stamp(Path file) throws IOException {
    var attributes = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino,dev");
    return attributes.get("size")
        + " "
        + attributes.get("lastModifiedTime")
        + " "
        + attributes.get("ctime")
        + " "
        + attributes.get("ino")
        + " "
        + attributes.get("dev");
  }

  private void remember(Path file, String stamp, RootfsArchive.Packed packed) throws IOException {
    var note =
        Json.Obj.EMPTY
            .with("stamp", Json.of(stamp))
            .with("digest", Json.of(packed.layer().digest().toString()))
            .with("size", Json.of(packed.layer().size()))
            .with("diffId", Json.of(packed.diffId().toString()));
    Files.createDirectories(notes);
    var draft = Files.createTempFile(notes, ".", null);
    Files.writeString(draft, JsonText.text(note));
    removeOlderThan(Files.getLastModifiedTime(draft).toInstant().minus(FORGOTTEN));
    Files.move(draft, note(file), StandardCopyOption.ATOMIC_MOVE);
  }

  private void removeOlderThan(Instant time) throws IOException {
    try (var all = Files.newDirectoryStream(notes)) {
      for (var each : all) {
        if (Files.getLastModifiedTime(each).toInstant().isBefore(time)) {
          Files.deleteIfExists(each);
        }
      }
    } catch (NoSuchFileException fasterOther) {
      // It is gone, and the rest goes another time.
    }
  }
}
