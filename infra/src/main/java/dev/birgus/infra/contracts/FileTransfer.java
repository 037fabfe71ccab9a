package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Files that go to one destination.
 *
 * @param from whose files those sources are that are files
 * @param sources in the order they are copied
 * @param destination absolute
 * @param intoDirectory whether the destination must be a directory: it was written with a trailing
 *     slash, or there are several sources
 * @param owner user or user:group, names or ids; empty for 0:0
 * @param mode of everything copied; empty to keep the source's
 * @param excludes patterns of what is not copied, seen from each source that is a directory; of one
 *     that is none its name is looked at
 * @param link whether nothing that is there has a say in where things go: no link is followed, and
 *     what is in the way is replaced
 */
public record FileTransfer(
    FileOrigin from,
    List<TransferSource> sources,
    String destination,
    boolean intoDirectory,
    Optional<String> owner,
    Optional<FileMode> mode,
    List<String> excludes,
    boolean link) {

  public FileTransfer {
    requireNonNull(from, "from");
    sources = List.copyOf(sources);
    requireNonNull(destination, "destination");
    requireNonNull(owner, "owner");
    requireNonNull(mode, "mode");
    excludes = List.copyOf(excludes);
  }

  /** Whether it is always the same content: nothing outside of the build has a say in it. */
  public boolean isPinned() {
    return sources.stream().allMatch(TransferSource::isPinned);
  }
}
