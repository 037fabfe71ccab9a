package dev.birgus.pusher.archive;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.pusher.content.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads what {@code docker save} and its like have written: a docker tar, a tar of an OCI layout,
 * or the directory of one.
 */
public final class SavedImages {

  private static final byte[] GZIP = {0x1f, (byte) 0x8b};

  private final BlobStore made;
  private final int threads;

  /**
   * A reader.
   *
   * @param made where layers are put that are not compressed in a docker tar
   * @param threads how many blocks of them are compressed at a time, at least 1
   */
  public SavedImages(BlobStore made, int threads) {
    this.made = requireNonNull(made, "made");
    this.threads = threads;
  }

  /**
   * Reads an image.
   *
   * @throws FailureException named {@code saved-image-unreadable} if there is none, or more than
   *     one, or it is damaged
   */
  public SavedImage read(Path path) {
    try {
      if (!Files.exists(path)) {
        throw unreadable(path, "there is no such file", "Check the path.");
      }
      return read(path, Files.isDirectory(path) ? SavedFiles.directory(path) : tar(path));
    } catch (StorageException full) {
      throw full.failure().toException(full);
    } catch (JsonSyntaxException | IllegalArgumentException broken) {
      throw unreadable(path, "a document in it is damaged: " + broken.getMessage(), "");
    } catch (IOException broken) {
      throw unreadable(path, Reasons.of(broken), "");
    }
  }

  private SavedImage read(Path path, SavedFiles files) throws IOException {
    var place = new SavedPlace(path, files);
    // New docker writes both; its manifest.json is what every version has understood.
    if (!Files.isDirectory(path) && files.find("manifest.json").isPresent()) {
      return new DockerArchive(place, new SavedBlobs(made), threads).read();
    }
    if (files.find("index.json").isPresent()) {
      return new LayoutImage(place, new SavedBlobs(made)).read();
    }
    throw unreadable(
        path,
        "it has neither a manifest.json nor an index.json",
        "Give a tar of docker save, or an OCI layout.");
  }

  private static SavedFiles tar(Path path) throws IOException {
    try (var in = Files.newInputStream(path)) {
      var magic = in.readNBytes(GZIP.length);
      if (java.util.Arrays.equals(magic, GZIP)) {
        throw unreadable(path, "it is compressed", "Unpack it first: gunzip " + path);
      }
    }
    return TarIndex.of(path);
  }

  static FailureException unreadable(Path path, String reason, String advice) {
    return Failure.of(
            "saved-image-unreadable", "cannot read the image in " + path + ": " + reason, advice)
        .toException();
  }
}
