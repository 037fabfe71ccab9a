package dev.birgus.executor.stage;

import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.StageResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The layers of a stage. What steps have changed is packed on a thread of its own, one after the
 * other, while the stage goes on; at the end what is of use later is kept on the node.
 */
final class StageLayers implements AutoCloseable {

  private final StageReady job;
  private final StageListener listener;
  private final NodeStorage storage;
  private final List<Sealed> sealed = new ArrayList<>();
  private final ExecutorService packing =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("birgus-pack").factory());

  private record Sealed(int step, StepChange change, Future<Optional<Layer>> layer) {}

  StageLayers(StageReady job, StageListener listener, NodeStorage storage) {
    this.job = job;
    this.listener = listener;
    this.storage = storage;
  }

  NodeStorage storage() {
    return storage;
  }

  /** Packs what a step has changed, or begins to where it can be packed while others run. */
  void seal(int step, StepChange change) throws IOException, InterruptedException {
    var layer = packing.submit(() -> pack(step, change));
    sealed.add(new Sealed(step, change, layer));
    if (!change.lasting()) {
      await(layer);
    }
  }

  private Optional<Layer> pack(int step, StepChange change) throws IOException {
    try {
      return packed(step, change);
    } catch (FailureException failed) {
      throw failed.failure().in(job.stage().steps().get(step).at()).toException(failed);
    }
  }

  private Optional<Layer> packed(int step, StepChange change) throws IOException {
    var name = job.stage().name() + " step " + (step + 1);
    var bytes = new AtomicLong();
    var layer =
        storage
            .packer()
            .pack(
                change.content(),
                job.options(),
                done -> {
                  bytes.set(done);
                  listener.transferred(Transfer.PACK, name, done, Optional.empty());
                });
    listener.transferred(Transfer.PACK, name, bytes.get(), Optional.of(bytes.get()));
    layer.ifPresent(each -> listener.sealed(step, each));
    return layer;
  }

  /** Waits for the packing, and gives the layers of base and steps with their history. */
  StageResult result(StageHistory history) throws IOException, InterruptedException {
    var layers = new ArrayList<>(Inputs.layers(job));
    var steps = new ArrayList<Integer>();
    // All of them first: keeping a change may move what packing another one looks at.
    for (var each : sealed) {
      await(each.layer());
    }
    for (var each : sealed) {
      var layer = await(each.layer());
      if (layer.isPresent()) {
        layers.add(layer.get());
        steps.add(each.step());
        // What has more in it than the layer is not the layer unpacked.
        if (job.options().ignoredPaths().isEmpty()) {
          each.change().keep(layer.get());
        }
      }
    }
    return new StageResult(layers, history.entries(steps));
  }

  private static Optional<Layer> await(Future<Optional<Layer>> future)
      throws IOException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case IOException exception -> throw exception;
        case RuntimeException exception -> throw exception;
        case Error error -> throw error;
        case null, default -> throw new IOException(failed);
      }
    }
  }

  /** Returns when nothing is read from the stage's folders any more. */
  @Override
  public void close() {
    packing.shutdownNow();
    packing.close();
  }
}
