package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.birgus.cli.flags.BuildCommandReader;
import dev.birgus.cli.flags.FlagParser;
import dev.birgus.cli.local.LocalPipeline;
import dev.birgus.cli.local.Machine;
import dev.birgus.cli.progress.Ending;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BlobPushed;
import dev.birgus.infra.contracts.Event.StepFinished;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Layers reach a real registry while real steps still run. */
class EarlyPushTest {

  @TempDir static Path shared;
  private static Path base = Path.of("/");

  @TempDir Path folder;

  private final CompletableFuture<BlobPushed> firstBlob = new CompletableFuture<>();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private HttpServer signal = unstarted();

  @BeforeAll
  static void aBaseImage() throws IOException, InterruptedException {
    Tool.needRoot();
    Tool.need("docker-registry", "skopeo");
    base = Roots.busybox(shared);
  }

  private static HttpServer unstarted() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  /** A server that answers when the registry has got the first blob that was made here. */
  @BeforeEach
  void aSignal() {
    signal.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    signal.createContext(
        "/blob",
        exchange -> {
          firstBlob.join();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    signal.createContext(
        "/now",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    signal.start();
  }

  @AfterEach
  void noSignal() {
    firstBlob.cancel(true);
    signal.stop(0);
  }

  private void dockerfile(String place) throws IOException {
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM base AS tools\nRUN echo never pushed > /tool\n"
            + "FROM base\nCOPY --from=tools /tool /tool\nRUN echo one > /one\n"
            + "RUN wget -q -O- http://127.0.0.1:"
            + signal.getAddress().getPort()
            + place
            + " && echo two > /two\n");
  }

  private Ending build(RealRegistry registry, String... more) {
    var arguments =
        new ArrayList<>(List.of("-c", folder.toString(), "--build-context", "base=" + base));
    arguments.addAll(List.of("-d", registry.host() + "/app:1"));
    arguments.addAll(List.of(more));
    var platform = Platform.of("linux", "amd64");
    var machine =
        new Machine(Map.of(), folder, platform, ProcessHandle.current().pid(), "test", true);
    var command =
        BuildCommandReader.read(
            FlagParser.parse(arguments).flags(),
            Map.of(),
            platform,
            shared.resolve("state").toString());
    try (var bus = LocalPipeline.newBus(Journal.silent());
        var pipeline = new LocalPipeline(command, machine, bus, Journal.silent())) {
      bus.subscribe(
          Topic.EVENTS,
          "test",
          event -> {
            events.add(event);
            if (event instanceof BlobPushed pushed) {
              firstBlob.complete(pushed);
            }
          });
      return pipeline.run();
    }
  }

  private List<Class<?>> order() {
    return events.stream()
        .filter(event -> event instanceof BlobPushed || event instanceof StepFinished)
        .<Class<?>>map(Event::getClass)
        .toList();
  }

  @Test
  void aStepCanWaitForTheLayerOfAnEarlierOneToBeInTheRegistry() throws Exception {
    // given
    dockerfile("/blob");
    try (var registry = RealRegistry.plain(folder.resolve("registry"))) {
      // when
      var ending = build(registry);

      // then
      assertThat(ending).isInstanceOf(Ending.Succeeded.class);
      assertThat(order().subList(0, order().lastIndexOf(StepFinished.class)))
          .contains(BlobPushed.class);
      Tool.sh(
          folder,
          "skopeo copy -q --src-tls-verify=false docker://" + registry.host() + "/app:1 oci:o:1");
      // The base, three layers and the configuration, and nothing of the other stage.
      assertThat(Tool.sh(folder, "find registry/storage -path '*/blobs/*' -name data | wc -l"))
          .isEqualToIgnoringNewLines("6");
    }
  }

  @Test
  void switchedOffNoLayerIsSentBeforeTheLastStepHasEnded() throws Exception {
    // given
    dockerfile("/now");
    try (var registry = RealRegistry.plain(folder.resolve("registry"))) {
      // when
      var ending = build(registry, "--push-early=false");

      // then
      assertThat(ending).isInstanceOf(Ending.Succeeded.class);
      assertThat(order().indexOf(BlobPushed.class))
          .isGreaterThan(order().lastIndexOf(StepFinished.class));
    }
  }

  @Test
  void aBuildThatFailsLeavesNoTagThoughLayersWereSent() throws Exception {
    // given
    dockerfile("/blob");
    Files.writeString(
        folder.resolve("Dockerfile"),
        Files.readString(folder.resolve("Dockerfile")) + "RUN exit 9\n");
    try (var registry = RealRegistry.plain(folder.resolve("registry"))) {
      // when
      var ending = build(registry);

      // then
      assertThat(ending).isInstanceOf(Ending.Failed.class);
      assertThat(firstBlob).isCompleted();
      // This registry refuses to delete an upload that was cut within a request, and keeps its
      // data.
      assertThat(Tool.sh(folder, "find registry/storage -name tags; find registry -name data"))
          .contains("data")
          .doesNotContain("tags");
    }
  }
}
