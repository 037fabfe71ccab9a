package dev.birgus.pusher.content;

import static dev.birgus.pusher.samples.SampleImages.layer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.pusher.samples.ListedSources;
import dev.birgus.pusher.samples.SampleImages.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class LayerContentTest {

  private static final ImageSource BASE = new ImageSource.FromLayout("/nowhere", "");

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final ListedSources sources = new ListedSources();
  private final LayerContent content = new LayerContent(store, sources);
  private final List<String> progress = new ArrayList<>();

  private void moved(Object kind, String name, long done, long total) {
    progress.add(kind + " " + name + " " + done + "/" + total);
  }

  private static byte[] copy(LayerContent content, Layer layer, Progress progress)
      throws IOException, InterruptedException {
    var out = new ByteArrayOutputStream();
    content.copy(layer, out, progress);
    return out.toByteArray();
  }

  private static String failure(Sample sample) {
    return "cannot read layer " + sample.layer().blob().digest();
  }

  @Test
  void aLayerOfTheStoreIsReadThere() throws Exception {
    var one = layer("one").in(store);

    assertThat(copy(content, one.layer(), this::moved)).isEqualTo(one.bytes());
    assertThat(progress).isEmpty();
  }

  @Test
  void aLayerOfTheBaseIsStreamedFromItsSourceWithProgress() throws Exception {
    var base = layer("base").from(BASE);
    sources.add(base);

    assertThat(copy(content, base.layer(), this::moved)).isEqualTo(base.bytes());

    var size = base.bytes().length;
    assertThat(progress)
        .containsExactly("DOWNLOAD " + base.layer().blob().digest() + " " + size + "/" + size);
  }

  @Test
  void manyThatWantOneLayerFetchItOnce() throws Exception {
    var base = layer("base").from(BASE);
    sources.add(base);
    Callable<Void> fetch =
        () -> {
          content.ensureStored(base.layer(), Progress.unheard());
          return null;
        };

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(List.of(fetch, fetch, fetch, fetch, fetch, fetch))) {
        done.get();
      }
    }

    assertThat(sources.opened()).hasSize(1);
    assertThat(store.digests()).containsExactly(base.layer().blob().digest());
  }

  @Test
  void otherBytesThanPromisedDoNotGetIntoTheStore() {
    var base = layer("base").from(BASE);
    var spoilt = base.bytes();
    spoilt[0]++;
    sources.spoil(base, spoilt);

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> content.ensureStored(base.layer(), Progress.unheard()))
        .withMessageStartingWith(failure(base) + ": expected content with digest");
    assertThat(store.digests()).isEmpty();
  }

  @Test
  void moreBytesThanPromisedAreNotRead() {
    var base = layer("base").from(BASE);
    sources.spoil(base, new byte[base.bytes().length + 1]);

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> copy(content, base.layer(), Progress.unheard()))
        .withMessageContaining("but got more");
  }

  @Test
  void aLayerWeMadeThatIsGoneIsNamed() {
    var gone = layer("gone");

    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(() -> copy(content, gone.layer(), Progress.unheard()))
        .withMessageContaining(gone.layer().blob().digest() + " was built but is not")
        .satisfies(thrown -> assertThat(thrown.failure().name()).isEqualTo("layer-missing"));
  }

  @Test
  void troubleOfTheWritingSideIsNotTakenForTheLayers() {
    var one = layer("one").in(store);
    var full =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> content.copy(one.layer(), full, Progress.unheard()))
        .withMessage("No space left on device");
  }

  @Test
  void anInterruptEndsACopy() {
    var one = layer("one").in(store);
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedException.class)
        .isThrownBy(() -> copy(content, one.layer(), Progress.unheard()));
  }
}
