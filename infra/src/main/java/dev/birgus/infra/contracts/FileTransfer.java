package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Files of one place that go to one destination.
 *
 * @param from whose files
 * @param sources of a context: paths in its index, wildcards already resolved. Of a stage or an
 *     image: patterns, resolved in its root by the executor
 * @param patterns the sources as written, for messages
 * @param destination absolute
 * @param intoDirectory whether the destination must be a directory: it was written with a trailing
 *     slash, or there are several sources
 * @param owner user or user:group, names or ids; empty for 0:0
 * @param mode octal permission bits for everything copied; empty to keep the source's
 */
public record FileTransfer(
    FileOrigin from,
    List<String> sources,
    List<String> patterns,
    String destination,
    boolean intoDirectory,
    Optional<String> owner,
    Optional<Integer> mode) {

  public FileTransfer {
    requireNonNull(from, "from");
    sources = List.copyOf(sources);
    patterns = List.copyOf(patterns);
    requireNonNull(destination, "destination");
    requireNonNull(owner, "owner");
    requireNonNull(mode, "mode");
  }
}
