package dev.birgus.executor.run;

import java.nio.file.Path;
import java.util.List;

/**
 * What is known of the node's own root, which {@link Rung#INPLACE} would empty.
 *
 * @param expendable whether somebody has said that nothing of it is needed but what is kept
 * @param kept files and folders that have to stay, absolute: what birgus consists of, its state
 *     folder, and whatever a build reads or writes
 */
public record InplaceSettings(boolean expendable, List<Path> kept) {

  /** Nothing was said: the root is not touched. */
  public static final InplaceSettings NONE = new InplaceSettings(false, List.of());

  public InplaceSettings {
    kept = List.copyOf(kept);
    for (var place : kept) {
      if (!place.isAbsolute()) {
        throw new IllegalArgumentException("not an absolute path: " + place);
      }
    }
  }
}
