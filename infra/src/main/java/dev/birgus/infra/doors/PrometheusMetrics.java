package dev.birgus.infra.doors;

import dev.birgus.infra.observe.Meter;
import dev.birgus.infra.observe.Metrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;

/** Metrics as Prometheus reads them, with those of the JVM. */
public final class PrometheusMetrics implements Metrics, AutoCloseable {

  private static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** What builds, steps and pushes take: from a tenth of a second to an hour. */
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(100),
    Duration.ofMillis(300),
    Duration.ofSeconds(1),
    Duration.ofSeconds(3),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofSeconds(100),
    Duration.ofSeconds(300),
    Duration.ofSeconds(1000),
    Duration.ofSeconds(3600)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final Map<Shown, Drawn> gauges = new ConcurrentHashMap<>();

  /** A gauge there is. */
  private record Shown(Meter meter, List<Tag> tags) {}

  /** What it is in the registry, and what it shows. */
  private record Drawn(Gauge gauge, AtomicReference<DoubleSupplier> value) {}

  /** Metrics of this process; nothing is counted yet. */
  public PrometheusMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  @Override
  public void add(Meter meter, long amount, String... labels) {
    Counter.builder(meter.key())
        .description(meter.help())
        .tags(tags(meter, Meter.Kind.COUNTER, labels))
        .register(registry)
        .increment((double) amount);
  }

  @Override
  public void took(Meter meter, Duration time, String... labels) {
    Timer.builder(meter.key())
        .description(meter.help())
        .serviceLevelObjectives(BOUNDS)
        .tags(tags(meter, Meter.Kind.TIMER, labels))
        .register(registry)
        .record(time);
  }

  @Override
  public void gauge(Meter meter, DoubleSupplier value, String... labels) {
    var tags = tags(meter, Meter.Kind.GAUGE, labels);
    gauges.computeIfAbsent(new Shown(meter, tags), this::show).value().set(value);
  }

  private Drawn show(Shown shown) {
    var value = new AtomicReference<DoubleSupplier>(() -> 0);
    var gauge =
        Gauge.builder(shown.meter().key(), () -> value.get().getAsDouble())
            .description(shown.meter().help())
            .tags(shown.tags())
            .register(registry);
    return new Drawn(gauge, value);
  }

  @Override
  public void forget(Meter gauge, String... labels) {
    gauges.computeIfPresent(
        new Shown(gauge, tags(gauge, Meter.Kind.GAUGE, labels)),
        (_, drawn) -> {
          registry.remove(drawn.gauge());
          return null;
        });
  }

  private static List<Tag> tags(Meter meter, Meter.Kind kind, String... labels) {
    if (meter.kind() != kind || meter.labels().size() != labels.length) {
      throw new IllegalArgumentException(
          meter + " is a " + meter.kind() + " with the labels " + meter.labels());
    }
    var tags = new ArrayList<Tag>();
    for (var at = 0; at < labels.length; at++) {
      tags.add(Tag.of(meter.labels().get(at), labels[at]));
    }
    return List.copyOf(tags);
  }

  /** What {@code /metrics} answers. */
  public String text() {
    return registry.scrape();
  }

  /** The route {@code /metrics}. */
  public Routes routes() {
    return new Routes().on("GET", "/metrics", this::answer);
  }

  private void answer(Exchange exchange) throws IOException {
    try (var out = exchange.stream(200, CONTENT_TYPE)) {
      out.write(text().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
