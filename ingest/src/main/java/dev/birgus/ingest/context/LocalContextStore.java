package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Contexts that are directories of this machine. Threads may share it. */
public final class LocalContextStore implements ContextStore, ContextIntake {

  private final Map<ContextRef, LocalContext> contexts = new ConcurrentHashMap<>();

  /**
   * Makes a directory known under a name.
   *
   * @param directory real path of a directory
   * @return that name
   * @throws IllegalArgumentException if the name is taken
   */
  @Override
  public ContextRef register(ContextRef ref, Path directory, IgnoreRules rules) {
    requireNonNull(ref, "ref");
    var context = new LocalContext(directory, rules);
    if (contexts.putIfAbsent(ref, context) != null) {
      throw new IllegalArgumentException("there is a context " + ref.id() + " already");
    }
    return ref;
  }

  /** Forgets a name; the directory is left alone. */
  @Override
  public void forget(ContextRef ref) {
    contexts.remove(ref);
  }

  @Override
  public Context open(ContextRef ref) {
    var context = contexts.get(ref);
    if (context == null) {
      throw new IllegalArgumentException("there is no context " + ref.id());
    }
    return context;
  }
}
