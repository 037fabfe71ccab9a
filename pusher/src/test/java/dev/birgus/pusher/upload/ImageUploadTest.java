package dev.birgus.pusher.upload;

import static dev.birgus.pusher.samples.SampleImages.image;
import static dev.birgus.pusher.samples.SampleImages.layer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.pusher.content.LayerContent;
import dev.birgus.pusher.image.FinishedImage;
import dev.birgus.pusher.image.ImageAssembler;
import dev.birgus.pusher.samples.ListedSources;
import dev.birgus.pusher.samples.ObservedRegistry;
import dev.birgus.pusher.samples.RememberingListener;
import dev.birgus.pusher.samples.SampleImages.Sample;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ImageUploadTest {

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final ListedSources sources = new ListedSources();
  private final ObservedRegistry registry = new ObservedRegistry();
  private final RememberingListener listener = new RememberingListener();
  private Fence fence = Fence.OPEN;

  private ImageUpload upload(UploadSettings settings, ToRegistry... destinations) {
    var uploads =
        new BlobUploads(registry, new LayerContent(store, sources), settings.parallelBlobs());
    var ledger = new UploadLedger(InstantSource.system());
    var traffic = BuildTraffic.to(List.of(destinations), new BuildId("build-1"), ledger, listener);
    return new ImageUpload(uploads, settings.ignoreImmutableTags(), traffic, fence);
  }

  private void push(FinishedImage image, ToRegistry... destinations) throws InterruptedException {
    var upload = upload(UploadSettings.DEFAULT, destinations);
    upload.uploadBlobs(image, List.of(destinations));
    upload.tag(image, List.of(destinations));
  }

  @Test
  void noTagIsMovedByAPusherThatIsHeldByItsFence() {
    var one = layer("one").in(store);
    fence =
        () -> {
          throw new InterruptedException("another pusher has it");
        };

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> push(finished(one), to("host:1/app:1")));

    assertThat(registry.writes()).isNotEmpty().noneMatch(write -> write.startsWith("tag"));
  }

  private static FinishedImage finished(Sample... samples) {
    return ImageAssembler.assemble(image(Optional.empty(), samples), Instant.EPOCH);
  }

  private static ToRegistry to(String name) {
    return new ToRegistry(ImageReference.parse(name), name);
  }

  private static ImageSource.FromRegistry from(String name) {
    return new ImageSource.FromRegistry(ImageReference.parse(name));
  }

  private static String brief(Sample sample) {
    return digest(sample).brief();
  }

  private static Digest digest(Sample sample) {
    return sample.layer().blob().digest();
  }

  @Test
  void theTagComesAfterEveryBlob() throws Exception {
    var one = layer("one").in(store);
    var two = layer("two").in(store);
    var image = finished(one, two, one);

    push(image, to("host:1/app:1"));

    assertThat(registry.writes())
        .containsExactlyInAnyOrder(
            "push app " + brief(one),
            "push app " + brief(two),
            "push app " + image.config().digest().brief(),
            "tag app 1");
    assertThat(registry.writes().getLast()).isEqualTo("tag app 1");
    assertThat(listener.told()).contains("UPLOADED " + digest(one), "tagged host:1/app:1");
  }

  @Test
  void anUploadEndsWithAllItsBytesReported() throws Exception {
    var one = layer("one", 1 << 20).in(store);

    push(finished(one), to("host:1/app:1"));

    var size = one.bytes().length;
    assertThat(listener.told()).contains("UPLOAD " + digest(one) + " " + size + "/" + size);
  }

  @Test
  void whatTheRegistryHasIsNotSentAgain() throws Exception {
    var base = layer("base").from(from("other:1/base"));
    registry.holding("app", digest(base));

    push(finished(base), to("host:1/app:1"));

    assertThat(registry.writes()).noneMatch(write -> write.contains(brief(base)));
    assertThat(sources.opened()).isEmpty();
    assertThat(listener.told()).contains("EXISTED " + digest(base));
  }

  @Test
  void aBaseLayerOfTheSameRegistryIsMounted() throws Exception {
    var base = layer("base").from(from("host:1/base:1"));
    registry.holding("base", digest(base));

    push(finished(base), to("host:1/app:1"));

    assertThat(registry.writes()).contains("mount app " + brief(base) + " base");
    assertThat(sources.opened()).isEmpty();
    assertThat(listener.told()).contains("MOUNTED " + digest(base));
  }

  @Test
  void aBaseLayerThatCannotBeMountedIsFetchedAndSent() throws Exception {
    var base = layer("base").from(from("host:1/base:1"));
    sources.add(base);
    registry.refusing("mount app " + brief(base) + " base", "no right to pull");

    push(finished(base), to("host:1/app:1"));

    assertThat(registry.writes()).contains("push app " + brief(base));
    assertThat(store.digests()).contains(digest(base));
  }

  @Test
  void aBaseLayerOfAnotherRegistryIsFetchedOnceForTwoRegistries() throws Exception {
    var base = layer("base").from(from("far:1/base:1"));
    sources.add(base);

    push(finished(base), to("host:1/app:1"), to("host:2/other:1"));

    assertThat(sources.opened()).containsExactly(digest(base));
    assertThat(registry.writes())
        .contains("push app " + brief(base), "push other " + brief(base))
        .endsWith("tag app 1", "tag other 1");
  }

  @Test
  void tagsOfOneRepositoryShareItsBlobs() throws Exception {
    var one = layer("one").in(store);
    var image = finished(one);

    push(image, to("host:1/app:1"), to("host:1/app"));

    assertThat(registry.writes()).hasSize(4).endsWith("tag app 1", "tag app latest");
  }

  @Test
  void aSecondRepositoryOfTheRegistryMountsFromTheFirst() throws Exception {
    var one = layer("one").in(store);

    push(finished(one), to("host:1/app:1"), to("host:1/copy:1"));

    assertThat(registry.writes())
        .contains("push app " + brief(one), "mount copy " + brief(one) + " app");
  }

  @Test
  void aDestinationThatFailsDoesNotKeepTheOthersFromTheImage() {
    var one = layer("one").in(store);
    registry.refusing("push second " + brief(one), "the quota is used up");
    var image = finished(one);

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(
            () -> push(image, to("host:2/second:1"), to("host:1/first:1"), to("host:2/third:1")))
        .withMessage(
            "error pushing image: failed to push to destination host:2/second:1:"
                + " the quota is used up")
        .satisfies(thrown -> {
          assertThat(thrown.failure().name()).isEqualTo("refused");
          assertThat(thrown.failure().advice()).isEqualTo("Ask for permission.");
        });
    assertThat(registry.writes())
        .filteredOn(write -> write.startsWith("tag"))
        .containsExactly("tag first 1", "tag third 1");
  }

  @Test
  void everyDestinationThatFailsIsNamed() {
    var one = layer("one").in(store);
    registry
        .refusing("push app " + brief(one), "the quota is used up")
        .refusing("tag copy 3", "tag 3 is taken");

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(
            () -> push(finished(one), to("host:1/app:1"), to("host:1/app:2"), to("host:2/copy:3")))
        .withMessageContaining("destination host:1/app:1: the quota is used up")
        .satisfies(thrown ->
            assertThat(thrown.failure().output())
                .containsExactly(
                    "also error pushing image: failed to push to destination host:1/app:2:"
                        + " the quota is used up",
                    "also error pushing image: failed to push to destination host:2/copy:3:"
                        + " tag 3 is taken"));
    assertThat(registry.writes()).noneMatch(write -> write.startsWith("tag"));
  }

  @Test
  void afterARefusedTagTheNextOnesAreTried() {
    registry.refusing("tag app 2", "tag 2 is taken");
    var image = finished(layer("one").in(store));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> push(image, to("host:1/app:1"), to("host:1/app:2"), to("host:1/app:3")))
        .withMessageContaining("failed to push to destination host:1/app:2: tag 2 is taken");
    assertThat(registry.writes()).contains("tag app 1", "tag app 3");
  }

  @Test
  void aBlobTheRegistryHasLostIsSentAgain() throws Exception {
    var one = layer("one").in(store);
    var two = layer("two").in(store);
    registry.losing("app", digest(one));

    push(finished(one, two), to("host:1/app:1"));

    assertThat(registry.writes().stream().filter(("push app " + brief(one))::equals)).hasSize(2);
    assertThat(registry.writes().stream().filter(("push app " + brief(two))::equals)).hasSize(1);
    assertThat(registry.writes()).endsWith("tag app 1");
  }

  @Test
  void anImmutableTagIsAFailureUnlessItShallBeIgnored() throws Exception {
    registry.refusing(
        "tag app 1",
        "tag invalid: The image tag '1' already exists in the 'app' repository and cannot be"
            + " overwritten because the tag is immutable.");
    var image = finished(layer("one").in(store));
    var destinations = List.of(to("host:1/app:1"), to("host:1/app:2"));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> upload(UploadSettings.DEFAULT).tag(image, destinations));
    upload(new UploadSettings(4, true)).tag(image, destinations);

    assertThat(registry.writes()).containsExactly("tag app 2", "tag app 2");
    assertThat(listener.told())
        .containsExactly(
            "tagged host:1/app:2",
            "kept host:1/app:1",
            "tagged host:1/app:1",
            "tagged host:1/app:2");
  }

  @Test
  void aDestinationPinnedToAnotherDigestIsRefusedBeforeAnythingIsSent() {
    var image = finished(layer("one").in(store));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> push(image, to("host:1/app@sha256:" + "a".repeat(64))))
        .withMessageContaining("the image has the digest " + image.digest());
    assertThat(registry.writes()).isEmpty();
  }

  @Test
  void aLayerThatCannotBeFetchedFailsThePushByName() {
    var base = layer("base").from(from("far:1/base:1"));

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> push(finished(base), to("host:1/app:1")))
        .withMessage(
            "error pushing image: failed to push to destination host:1/app:1: cannot read layer "
                + digest(base)
                + ": the base image's registry does not answer");
    assertThat(store.digests()).isEmpty();
  }

  @Test
  void noMoreBlobsThanAllowedAreSentAtOnce() throws Exception {
    var samples = new Sample[12];
    for (var i = 0; i < samples.length; i++) {
      samples[i] = layer("file" + i).in(store);
    }

    upload(new UploadSettings(2, false))
        .uploadBlobs(finished(samples), List.of(to("host:1/app:1")));

    assertThat(registry.mostUploading()).isBetween(1, 2);
  }

  @Test
  void anInterruptEndsTheUploadBeforeTheTag() throws Exception {
    // given
    var one = layer("one").in(store);
    registry.hangingAt(digest(one));
    var outcome = new AtomicReference<Exception>();
    var image = finished(one);
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                push(image, to("host:1/app:1"));
              } catch (InterruptedException | RuntimeException ended) {
                outcome.set(ended);
              }
            });
    registry.awaitHanging();

    // when
    thread.interrupt();
    thread.join();

    // then
    assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    assertThat(registry.writes()).noneMatch(write -> write.startsWith("tag"));
  }
}
