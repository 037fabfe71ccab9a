package dev.birgus.executor.stage;

import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Layer;
import java.time.Duration;
import java.util.Optional;

/** Is told what happens while a stage runs. Calls may come from several threads. */
public interface StageListener {

  /** A step begins. */
  void stepStarted(int step);

  /** A step is done. */
  void stepFinished(int step, Duration took);

  /** A step printed something. */
  void printed(int step, boolean error, String text);

  /** A step's layer is complete. */
  void sealed(int step, Layer layer);

  /** Bytes moved. */
  void transferred(Transfer kind, String name, long done, Optional<Long> total);
}
