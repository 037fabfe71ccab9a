package dev.birgus.executor.stage;

import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;
import java.util.List;

/** One way to have root file systems on a node. */
interface StageRoots extends AutoCloseable {

  /**
   * The root of a stage as its base has it.
   *
   * @param folder of the stage, removed when the root has been closed
   */
  StageRoot open(StageReady job, StageListener listener, WorkDirectory folder)
      throws IOException, InterruptedException;

  /**
   * The files of a stage or an image, to copy from or to mount.
   *
   * @param writable whether they may be written to; nobody else sees what is written then
   * @param folder of the stage that asks
   */
  SourceRoot openSource(
      List<Layer> layers, boolean writable, StageListener listener, WorkDirectory folder)
      throws IOException, InterruptedException;

  /** Removes what is kept for later stages; no root is open any more. */
  @Override
  default void close() throws IOException {}
}
