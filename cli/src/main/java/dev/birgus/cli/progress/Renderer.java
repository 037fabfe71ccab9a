package dev.birgus.cli.progress;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.oci.Digest;
import java.util.Map;

/** Shows the news of a build. Each is told once, in the order it became known. */
interface Renderer {

  void warning(Finding finding);

  /** A stage waits for a pool that has no node for it, or has one now. */
  void nodesAwaited(String pool, boolean over);

  void stageStarted(StageState stage);

  /** Another build runs the same stage, or ran it: its result is taken. */
  void stageShared(StageState stage, BuildId by, boolean finished);

  void stepStarted(StageState stage, StepState step);

  /** A whole line that a step printed. */
  void printed(StageState stage, StepState step, boolean error, String line);

  void stepFinished(StageState stage, StepState step);

  void stageFinished(StageState stage);

  /** A transfer is complete. */
  void transferred(TransferState transfer);

  /** The first bytes go to this place. */
  void delivering(Delivery delivery);

  void delivered(Delivery delivery, Digest manifest);

  /** A service said something. */
  void log(Severity level, String message, Map<String, String> context);

  /** The end of the build. */
  void ended(Ending ending);

  /** Draws what changes by itself, such as elapsed time. */
  default void tick() {}
}
