package dev.birgus.executor.files;

import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds out whether overlays can be had on a node by having one: privileges, security profiles, the
 * file system and the kernel all have a say, and only the kernel knows them all.
 */
public final class OverlayProbe {

  private static final String WHITEOUT = "gone";
  private static final FileAttributes ATTRIBUTES =
      new FileAttributes(0755, 0, 0, 0, java.util.Collections.emptySortedMap());

  private OverlayProbe() {}

  /**
   * Mounts an overlay of two directories, removes a file in it and unmounts it.
   *
   * @param work a folder of the file system that is to hold roots; nothing is left in it
   * @return why it cannot be done, in one line; empty if it can
   */
  public static Optional<String> refusal(Overlays overlays, Path work) throws IOException {
    var parent = new WorkDirectory(work);
    var folder = parent.makeNew("probe-");
    try {
      return probe(overlays, folder);
    } catch (FailureException refused) {
      return Optional.of(refused.failure().message());
    } catch (IOException refused) {
      return Optional.of(String.valueOf(refused.getMessage()));
    } finally {
      parent.remove(folder);
    }
  }

  private static Optional<String> probe(Overlays overlays, WorkDirectory folder)
      throws IOException {
    var low = folder.make("low");
    try (var files = LinuxFileSystem.open(low)) {
      files.makeDirectory(WHITEOUT, ATTRIBUTES);
    }
    var lower = List.of(folder.make("lowest"), low);
    try (var mount = overlays.mount(lower, folder.make("mount"))) {
      try (var merged = LinuxFileSystem.open(mount.merged())) {
        merged.remove(WHITEOUT);
      }
      try (var upper = LinuxFileSystem.open(mount.upper())) {
        return upper.status(WHITEOUT).isPresent()
            ? Optional.empty()
            : Optional.of("An overlay does not note what is removed in it.");
      }
    }
  }
}
