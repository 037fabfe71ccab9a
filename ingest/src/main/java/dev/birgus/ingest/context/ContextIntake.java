package dev.birgus.ingest.context;

import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.nio.file.Path;

/** Takes the directories that are contexts of builds, to where the services will open them. */
public interface ContextIntake {

  /**
   * Takes a directory.
   *
   * @param name nobody else gives; it is for this process only
   * @param directory real path of a directory
   * @param rules what of it a build does not see
   * @return the name by which the services open it
   * @throws dev.birgus.infra.contracts.FailureException if it cannot be taken
   */
  ContextRef register(ContextRef name, Path directory, IgnoreRules rules);

  /** Forgets what {@link #register} gave a name to; the directory is left alone. */
  void forget(ContextRef ref);
}
