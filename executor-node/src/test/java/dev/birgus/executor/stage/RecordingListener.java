package dev.birgus.executor.stage;

import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Layer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Writes down what happens to a stage. */
final class RecordingListener implements StageListener {

  final List<String> steps = new CopyOnWriteArrayList<>();
  final List<Transfer> transfers = new CopyOnWriteArrayList<>();
  final List<Integer> sealed = new CopyOnWriteArrayList<>();
  final List<String> printed = new CopyOnWriteArrayList<>();
  final CountDownLatch printing = new CountDownLatch(1);

  @Override
  public void stepStarted(int step) {
    steps.add("start " + step);
  }

  @Override
  public void stepFinished(int step, Duration took) {
    steps.add("end " + step);
  }

  @Override
  public void printed(int step, boolean error, String text) {
    printed.add(text);
    printing.countDown();
  }

  @Override
  public void sealed(int step, Layer layer) {
    sealed.add(step);
  }

  @Override
  public void transferred(Transfer kind, String name, long done, Optional<Long> total) {
    if (total.isPresent() && total.get() == done) {
      transfers.add(kind);
    }
  }
}
