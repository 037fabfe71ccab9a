package dev.birgus.planner.plan;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.ContextIndex;
import java.util.Set;

/**
 * What is known of a context's files.
 *
 * @param roots the paths that were asked for; "" means the whole context is known
 */
public record IndexedFiles(ContextIndex index, Set<String> roots) {

  public IndexedFiles {
    requireNonNull(index, "index");
    roots = Set.copyOf(roots);
  }

  boolean isWhole() {
    return roots.contains("");
  }

  boolean covers(String path) {
    return roots.stream().anyMatch(root -> ContextPath.isWithin(path, root));
  }
}
