package dev.birgus.pusher.service;

import static dev.birgus.pusher.samples.SampleImages.image;
import static dev.birgus.pusher.samples.SampleImages.layer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Delivery;
import dev.birgus.infra.contracts.Delivery.ToRegistry;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import dev.birgus.pusher.samples.NoSources;
import dev.birgus.pusher.samples.SampleImages.Sample;
import dev.birgus.pusher.samples.StrictRegistry;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers, ends and troubles of several builds in random order. */
class EarlyPushOrderTest {

  private static final int ROUNDS = 60;
  private static final StageId IMAGE = stage("image");
  private static final StageId OTHER = stage("other");

  private final InMemoryBlobStore store = new InMemoryBlobStore();
  private final List<Sample> pool = samples("layer", 6);
  private final List<Sample> elsewhere = samples("elsewhere", 3);

  /** How a build ends. */
  private enum End {
    PUSH,
    PUSH_AND_CANCEL,
    FAIL,
    CANCEL,
    NONE
  }

  /** An event on its way to a topic. */
  private record Sent(Topic topic, Event event) {}

  private static StageId stage(String name) {
    return new StageId(Digest.sha256(name.getBytes(StandardCharsets.UTF_8)));
  }

  private List<Sample> samples(String name, int count) {
    var samples = new ArrayList<Sample>();
    for (var i = 0; i < count; i++) {
      samples.add(layer(name + i).in(store));
    }
    return samples;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void noTagWithoutItsBlobsNoBlobTwiceAndNoUploadLeftOpen(long seed) throws Exception {
    var random = new Random(seed);
    for (var round = 0; round < ROUNDS; round++) {
      round(random);
    }
  }

  private void round(Random random) throws Exception {
    var registry = new StrictRegistry(random.nextLong(), random.nextInt(3) * 6);
    var results = new LinkedBlockingQueue<Event>();
    var pushes = new HashSet<String>();
    var scripts = new ArrayList<List<Sent>>();
    for (var i = 0; i < 3; i++) {
      var end = End.values()[random.nextInt(End.values().length)];
      var build = new BuildId("b" + i);
      if (end == End.PUSH || end == End.PUSH_AND_CANCEL) {
        pushes.add(build.value());
      }
      scripts.add(script(build, end, random));
    }
    try (var bus = new InMemoryEventBus((_, failure) -> registry.offence(failure.toString()))) {
      bus.subscribe(Topic.RESULTS, "test", results::add);
      try (var service =
          new PusherService(
              PusherSettings.DEFAULT,
              store,
              new NoSources(),
              registry,
              InstantSource.system(),
              Journal.silent())) {
        service.start(bus);
        for (var sent : mixed(scripts, random)) {
          var key = sent.topic().isWorkQueue() ? Topic.ANYONE : sent.event().subject();
          bus.publish(sent.topic(), key, sent.event());
        }
        for (var _ : pushes) {
          results.take();
        }
      }
      assertThat(registry.sessions()).isEmpty();
    }
    assertThat(results).isEmpty();
    check(registry, pushes);
  }

  private void check(StrictRegistry registry, Set<String> pushes) {
    assertThat(registry.offences()).isEmpty();
    assertThat(registry.tags()).allMatch(tag -> pushes.contains(tag.replaceAll(".*:", "")));
    for (var sample : elsewhere) {
      var digest = sample.layer().blob().digest().toString();
      assertThat(registry.uploads()).noneMatch(upload -> upload.endsWith(digest));
    }
  }

  /** What is published for a build, in its order. Its tags have its name. */
  private List<Sent> script(BuildId build, End end, Random random) {
    var destinations =
        random.nextBoolean()
            ? List.of(to("host:1/app:" + build), to("host:1/copy:" + build))
            : List.of(to("host:1/app:" + build));
    var samples = new ArrayList<>(pool);
    Collections.shuffle(samples, random);
    var layers = samples.subList(0, 1 + random.nextInt(pool.size()));
    var script = new ArrayList<Sent>();
    for (var sample : layers) {
      for (var times = random.nextInt(3); times > 0; times--) {
        script.add(sealed(build, IMAGE, sample));
      }
    }
    elsewhere.forEach(sample -> script.add(sealed(build, OTHER, sample)));
    Collections.shuffle(script, random);
    var known = List.of(layers.getFirst().layer());
    script.addFirst(
        new Sent(Topic.EVENTS, new Event.PushAnnounced(build, Set.of(IMAGE), known, destinations)));
    script.addAll(ending(build, end, layers, destinations));
    return script;
  }

  private static List<Sent> ending(
      BuildId build, End end, List<Sample> layers, List<ToRegistry> destinations) {
    var spec = image(Optional.empty(), layers.toArray(Sample[]::new));
    var push =
        new Sent(
            Topic.PUSHES,
            new Event.PushRequested(build, spec, List.of(), List.<Delivery>copyOf(destinations)));
    var cancel = new Sent(Topic.CONTROL, new Event.BuildCancelRequested(build, "enough"));
    var failure = Failure.of("broken", "it broke", "");
    return switch (end) {
      case PUSH -> List.of(push);
      case PUSH_AND_CANCEL -> List.of(push, cancel);
      case FAIL -> List.of(new Sent(Topic.EVENTS, new Event.BuildFailed(build, failure)));
      case CANCEL ->
          List.of(cancel, new Sent(Topic.EVENTS, new Event.BuildCancelled(build, "enough")));
      case NONE -> List.of();
    };
  }

  private static ToRegistry to(String name) {
    return new ToRegistry(ImageReference.parse(name), name);
  }

  private static Sent sealed(BuildId build, StageId stage, Sample sample) {
    return new Sent(Topic.EVENTS, new Event.LayerSealed(build, stage, 1, 0, sample.layer()));
  }

  /** All scripts in one, each in its own order. */
  private static List<Sent> mixed(List<List<Sent>> scripts, Random random) {
    var rest = new ArrayList<List<Sent>>();
    scripts.forEach(script -> rest.add(new ArrayList<>(script)));
    var mixed = new ArrayList<Sent>();
    while (!rest.isEmpty()) {
      var script = rest.get(random.nextInt(rest.size()));
      mixed.add(script.removeFirst());
      if (script.isEmpty()) {
        rest.remove(script);
      }
    }
    return mixed;
  }
}
