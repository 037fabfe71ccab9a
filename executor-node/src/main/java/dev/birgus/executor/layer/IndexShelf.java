package dev.birgus.executor.layer;

import dev.birgus.infra.node.Kept;
import dev.birgus.infra.node.Shelf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The indexes of {@link LayerIndexes}, as things that need not be kept for ever. */
public final class IndexShelf implements Shelf {

  static final String KIND = "index";

  private final Path folder;

  /**
   * The indexes of a layer store.
   *
   * @param root of the layer store, which need not exist
   */
  public IndexShelf(Path root) {
    this.folder = root.toAbsolutePath().normalize().resolve(LayerIndexes.FOLDER);
  }

  @Override
  public List<Kept> kept() throws IOException {
    var kept = new ArrayList<Kept>();
    try (var files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        look(file).ifPresent(kept::add);
      }
    } catch (NoSuchFileException none) {
      return List.of();
    }
    return kept;
  }

  private static Optional<Kept> look(Path file) throws IOException {
    try {
      var name = LayerIndexes.lease(file.getFileName().toString());
      var used = Files.getLastModifiedTime(file).toInstant();
      return Optional.of(new Kept(KIND, name, Files.size(file), used, false));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  /** {@inheritDoc} A small file is gone as soon as it is out of sight. */
  @Override
  public Optional<Disposal> withdraw(Kept kept) throws IOException {
    Files.deleteIfExists(folder.resolve(kept.name().substring(KIND.length() + 1)));
    return Optional.of(() -> {});
  }

  @Override
  public void tidy() {
    // Drafts are made where unfinished layers are, and go with them.
  }
}
