package dev.birgus.pusher.upload;

import static dev.birgus.pusher.samples.SampleImages.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.samples.NoSources;
import dev.birgus.pusher.samples.ObservedRegistry;
import dev.birgus.pusher.samples.RememberingListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class BlobUploadsTest {

  private static final ToRegistry APP =
      new ToRegistry(ImageReference.parse("host:1/app:1"), "host:1/app:1");

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final ObservedRegistry registry = new ObservedRegistry();
  private final RememberingListener listener = new RememberingListener();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final BlobUploads uploads =
      new BlobUploads(registry, new LayerContent(store, new NoSources()), 4);
  private final BuildTraffic traffic =
      BuildTraffic.to(List.of(APP), new BuildId("b"), new UploadLedger(now::get), listener);

  private void bring(UploadedBlob blob) throws Exception {
    uploads.bring(blob, APP, List.of(), traffic);
  }

  @Test
  void whatTheBuildHasSeenIsNotAskedForAgain() throws Exception {
    var one = new UploadedBlob.OfLayer(layer("one").in(store).layer());
    bring(one);
    registry.drop("app", one.blob().digest());

    bring(one);

    assertThat(registry.writes()).hasSize(1);
  }

  @Test
  void whatWasSeenLongAgoIsLookedForAgainAndToldOnce() throws Exception {
    var one = new UploadedBlob.OfLayer(layer("one").in(store).layer());
    bring(one);
    registry.drop("app", one.blob().digest());
    now.set(Instant.EPOCH.plus(Duration.ofMinutes(6)));

    bring(one);

    assertThat(registry.writes()).hasSize(2);
    assertThat(listener.told()).filteredOn(told -> told.startsWith("UPLOADED")).hasSize(1);
  }
}
