package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** A directory seen through the rules of its ignore file. */
record LocalContext(Path directory, IgnoreRules rules) implements ContextStore.Context {

  LocalContext {
    requireNonNull(directory, "directory");
    requireNonNull(rules, "rules");
  }

  @Override
  public ContextIndex index(Set<String> roots) throws IOException {
    var walk = new ContextWalk(directory, rules);
    for (var root : roots) {
      walk.add(root);
    }
    return walk.index();
  }
}
