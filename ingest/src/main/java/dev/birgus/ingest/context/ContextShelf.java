package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.node.Kept;
import dev.birgus.infra.node.PlainTree;
import dev.birgus.infra.node.ProcessFolder;
import dev.birgus.infra.node.Shelf;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The unpacked contexts of a {@link BlobContextStore}. They go first when there is too much: only
 * builds with the very same files would use them again.
 */
public final class ContextShelf implements Shelf {

  /** What the names of the folders begin with in which something is unpacked, or removed. */
  static final String DRAFT = "unpack-";

  /** The files of a context, in its folder. */
  static final String FILES = "files";

  /** What is in them, beside them. Its time of modification is when the context was last used. */
  static final String INDEX = "index";

  private static final String KIND = "context";

  private final Path root;

  /** The contexts of the store in this folder, which need not exist. */
  public ContextShelf(Path root) {
    this.root = requireNonNull(root, "root");
  }

  /** Removes what processes were unpacking that were killed. */
  public static void sweep(Path root, Journal journal) throws IOException {
    if (Files.isDirectory(root)) {
      ProcessFolder.open(root, DRAFT, PlainTree::remove, journal).close();
    }
  }

  /** What a context is leased by. */
  static String lease(Digest digest) {
    return KIND + ":" + digest;
  }

  static Path place(Path root, Digest digest) {
    return root.resolve(digest.algorithm() + "-" + digest.hex());
  }

  /** Takes a context out of sight, to where the next process that opens the store removes it. */
  static Path withdraw(Path root, Digest digest) throws IOException {
    var folder = Files.createTempDirectory(root, DRAFT);
    try {
      Files.move(place(root, digest), folder.resolve("withdrawn"), StandardCopyOption.ATOMIC_MOVE);
      return folder;
    } catch (IOException failed) {
      Files.deleteIfExists(folder);
      throw failed;
    }
  }

  @Override
  public List<Kept> kept() throws IOException {
    var kept = new ArrayList<Kept>();
    try (var folders = Files.newDirectoryStream(root, "sha*-*")) {
      for (var each : folders) {
        look(each).ifPresent(kept::add);
      }
    } catch (NoSuchFileException none) {
      return List.of();
    }
    return kept;
  }

  private static Optional<Kept> look(Path place) {
    try {
      var digest = Digest.parse(place.getFileName().toString().replace('-', ':'));
      var index = place.resolve(INDEX);
      var size = ContextIndexFile.bytes(index);
      var used = Files.getLastModifiedTime(index).toInstant();
      return Optional.of(new Kept(KIND, lease(digest), size, used, true));
    } catch (IOException | IllegalArgumentException goneOrNotOurs) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<Disposal> withdraw(Kept kept) throws IOException {
    var digest = Digest.parse(kept.name().substring(KIND.length() + 1));
    var withdrawn = withdraw(root, digest);
    return Optional.of(() -> PlainTree.remove(withdrawn));
  }

  @Override
  public void tidy() {
    // Who opens the store next sweeps it.
  }
}
