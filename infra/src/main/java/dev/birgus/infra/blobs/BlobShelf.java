package dev.birgus.infra.blobs;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.node.Kept;
import dev.birgus.infra.node.Shelf;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The blobs of a {@link DirectoryBlobStore}, as things that need not be kept for ever. A blob made
 * here, which is marked as such, is of use to the build that makes it; one that came from elsewhere
 * is of use to all that have the same base.
 */
public final class BlobShelf implements Shelf {

  private static final String KIND = "blob";

  /** The folder of the marks of blobs that were made here. */
  static final String MADE = "made";

  private final Path directory;

  /** The blobs of the store in this directory, which need not exist. */
  public BlobShelf(Path directory) {
    this.directory = requireNonNull(directory, "directory");
  }

  /** What a blob is leased by. */
  static String name(Digest digest) {
    return KIND + ":" + digest;
  }

  static String mark(Digest digest) {
    return digest.algorithm() + "-" + digest.hex();
  }

  @Override
  public List<Kept> kept() throws IOException {
    var made = made();
    var kept = new ArrayList<Kept>();
    for (var algorithm : List.of("sha256", "sha512")) {
      for (var blob : list(directory.resolve(algorithm))) {
        look(algorithm, blob, made).ifPresent(kept::add);
      }
    }
    return kept;
  }

  private static Optional<Kept> look(String algorithm, Path blob, Set<String> made)
      throws IOException {
    try {
      var digest = new Digest(algorithm, blob.getFileName().toString());
      var attributes = Files.readAttributes(blob, BasicFileAttributes.class);
      var used = attributes.lastModifiedTime().toInstant();
      return Optional.of(
          new Kept(KIND, name(digest), attributes.size(), used, made.contains(mark(digest))));
    } catch (NoSuchFileException | IllegalArgumentException noBlob) {
      // Another process was faster, or it is nothing of ours.
      return Optional.empty();
    }
  }

  private Set<String> made() throws IOException {
    var made = new HashSet<String>();
    list(directory.resolve(MADE)).forEach(mark -> made.add(mark.getFileName().toString()));
    return made;
  }

  /** What is in a folder that need not be there. */
  private static List<Path> list(Path folder) throws IOException {
    var found = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
    } catch (NoSuchFileException none) {
      return List.of();
    }
    return found;
  }

  @Override
  public Optional<Disposal> withdraw(Kept kept) throws IOException {
    var digest = Digest.parse(kept.name().substring(KIND.length() + 1));
    // Who has it open reads on.
    Files.deleteIfExists(directory.resolve(digest.algorithm()).resolve(digest.hex()));
    Files.deleteIfExists(directory.resolve(MADE).resolve(mark(digest)));
    return Optional.of(() -> {});
  }

  @Override
  public void tidy() throws IOException {
    for (var mark : list(directory.resolve(MADE))) {
      if (Files.notExists(directory.resolve(mark.getFileName().toString().replace('-', '/')))) {
        Files.deleteIfExists(mark);
      }
    }
  }
}
