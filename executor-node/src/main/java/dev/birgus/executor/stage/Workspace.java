package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileSystem;
import java.io.IOException;
import java.util.Optional;

/** What steps work in. */
interface Workspace extends AutoCloseable {

  /** The root, ready to be written to until this ends. */
  FileSystem files();

  /**
   * The steps are done. Called once.
   *
   * @return what they have changed; empty if nothing
   */
  Optional<StepChange> end() throws IOException, InterruptedException;

  /** Gives up what has not ended; otherwise nothing happens. */
  @Override
  void close() throws IOException;
}
