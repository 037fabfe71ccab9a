package dev.birgus.pusher.upload;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Layers of an image that is still being built, on their way to its destinations. What fails here
 * is no failure of the build: the push at its end tries again, and tells.
 */
public final class EarlyUpload implements AutoCloseable {

  private final BlobUploads uploads;
  private final BuildTraffic traffic;
  private final List<List<ToRegistry>> registries;
  private final Troubles troubles;
  private final Set<Digest> begun = new HashSet<>();
  private final Set<List<ToRegistry>> givenUp = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("early-push-", 0).factory());

  /** Is told what failed; once for each registry, to which nothing more is sent then. */
  @FunctionalInterface
  public interface Troubles {
    /** An upload to the registry failed. */
    void told(String registry, Exception trouble);
  }

  /** Uploads to these destinations. */
  public EarlyUpload(
      BlobUploads uploads, BuildTraffic traffic, List<ToRegistry> destinations, Troubles troubles) {
    this.uploads = requireNonNull(uploads, "uploads");
    this.traffic = requireNonNull(traffic, "traffic");
    this.registries = Repositories.byRegistry(destinations);
    this.troubles = requireNonNull(troubles, "troubles");
  }

  /** Begins to upload a layer, unless it has begun already or everything was ended. */
  public synchronized void begin(Layer layer) {
    if (!threads.isShutdown() && begun.add(layer.blob().digest())) {
      for (var repositories : registries) {
        threads.execute(() -> upload(layer, repositories));
      }
    }
  }

  private void upload(Layer layer, List<ToRegistry> repositories) {
    var siblings = new ArrayList<String>();
    try {
      for (var destination : repositories) {
        if (givenUp.contains(repositories)) {
          return;
        }
        uploads.bring(new UploadedBlob.OfLayer(layer), destination, siblings, traffic);
        siblings.add(destination.reference().repository());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException trouble) {
      if (!threads.isShutdown() && givenUp.add(repositories)) {
        troubles.told(repositories.getFirst().reference().registry(), trouble);
      }
    }
  }

  /** Ends what is running; does not wait for it. */
  public synchronized void cancel() {
    threads.shutdownNow();
  }

  /** Ends what is running. Returns when nothing is sent any more. */
  @Override
  public void close() {
    cancel();
    threads.close();
  }
}
