package dev.birgus.executor.stage;

import dev.birgus.executor.run.Mount;
import dev.birgus.infra.contracts.Step;
import java.io.IOException;
import java.util.List;

/** The root file system of one stage, as its steps change it. Used by one thread. */
interface StageRoot extends AutoCloseable {

  /**
   * Begins steps whose changes belong to one layer. They see what those before have changed, which
   * must have ended.
   *
   * @param mounts of the step, if it is one alone; what is made for them changes nothing of the
   *     image
   */
  Workspace begin(List<Step> steps, List<Mount> mounts) throws IOException, InterruptedException;

  /** Gives back what it holds; what the steps have changed must be packed by then. */
  @Override
  void close() throws IOException;
}
