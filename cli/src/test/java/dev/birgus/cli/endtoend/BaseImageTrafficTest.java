package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.flags.BuildCommandReader;
import dev.birgus.cli.flags.FlagParser;
import dev.birgus.cli.local.LocalPipeline;
import dev.birgus.cli.local.Machine;
import dev.birgus.cli.progress.Ending;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BlobPushed;
import dev.birgus.infra.contracts.Event.BlobPushed.Presence;
import dev.birgus.infra.contracts.Event.TransferProgressed;
import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is moved of a base image: as little as can be. */
class BaseImageTrafficTest {

  @TempDir static Path shared;
  private static List<RealRegistry> registries = List.of();

  @TempDir Path folder;

  private final List<Event> events = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void aBaseImageInARegistry() throws IOException, InterruptedException {
    Tool.needRoot();
    Tool.need("docker-registry");
    registries =
        List.of(
            RealRegistry.plain(shared.resolve("near")), RealRegistry.plain(shared.resolve("far")));
    Files.writeString(shared.resolve("Dockerfile"), "FROM base\nCOPY Dockerfile /\n");
    var base = Roots.busybox(shared);
    var pushed =
        new BirgusProcess(shared.resolve("first"), shared)
            .run("-c", ".", "--build-context=base=" + base, "-d", near("base:1"));
    assertThat(pushed.exitCode()).as(pushed.all()).isZero();
  }

  @AfterAll
  static void noRegistries() {
    registries.forEach(RealRegistry::close);
  }

  private static String near(String name) {
    return registries.getFirst().host() + "/" + name;
  }

  private static String far(String name) {
    return registries.getLast().host() + "/" + name;
  }

  @BeforeEach
  void aLabel() throws IOException {
    Files.writeString(folder.resolve("Dockerfile"), "FROM " + near("base:1") + "\nLABEL a=b\n");
  }

  private void build(String... more) {
    var arguments = new ArrayList<>(List.of("-c", folder.toString()));
    arguments.addAll(List.of(more));
    var platform = Platform.of("linux", "amd64");
    var machine =
        new Machine(Map.of(), folder, platform, ProcessHandle.current().pid(), "test", true);
    var command =
        BuildCommandReader.read(
            FlagParser.parse(arguments).flags(),
            Map.of(),
            platform,
            folder.resolve("state").toString());
    try (var bus = LocalPipeline.newBus(Journal.silent());
        var pipeline = new LocalPipeline(command, machine, bus, Journal.silent())) {
      bus.subscribe(Topic.EVENTS, "test", events::add);
      assertThat(pipeline.run()).isInstanceOf(Ending.Succeeded.class);
    }
  }

  private List<Presence> layers() {
    return events.stream()
        .filter(BlobPushed.class::isInstance)
        .map(event -> (BlobPushed) event)
        .filter(pushed -> pushed.blob().mediaType().value().contains("tar"))
        .map(BlobPushed::how)
        .toList();
  }

  /** The names of the blobs that were downloaded to their end, as often as they were. */
  private List<String> downloads() {
    var names = new ArrayList<String>();
    for (var event : events) {
      if (event instanceof TransferProgressed(_, var kind, var name, var done, var total)
          && kind == Transfer.DOWNLOAD
          && total.map(size -> done >= size).orElse(false)) {
        names.add(name);
      }
    }
    return names;
  }

  @Test
  void withinOneRegistryNothingIsMovedWhenNoStepNeedsTheFiles() {
    build("-d", near("labelled:1"));

    assertThat(layers()).containsExactly(Presence.MOUNTED, Presence.MOUNTED);
    assertThat(downloads()).isEmpty();
  }

  @Test
  void toAnotherRegistryEveryLayerIsReadOnce() {
    build("-d", far("labelled:1"), "-d", far("copy:1"), "-d", near("other:1"));

    assertThat(layers())
        .containsExactlyInAnyOrder(
            Presence.UPLOADED,
            Presence.UPLOADED,
            Presence.MOUNTED,
            Presence.MOUNTED,
            Presence.MOUNTED,
            Presence.MOUNTED);
    assertThat(downloads()).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void whatStepsAndThePushNeedAtOnceIsReadOnce() throws IOException {
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM %s AS one\nRUN echo 1 > /1\nFROM %s AS two\nRUN echo 2 > /2\nFROM %s\nCOPY --from=one /1 /\nCOPY --from=two /2 /\n"
            .formatted(near("base:1"), near("base:1"), near("base:1")));

    build("-d", far("steps:1"));

    assertThat(downloads()).hasSize(2).doesNotHaveDuplicates();
  }
}
