package dev.birgus.planner.service;

import dev.birgus.infra.observe.Meter;
import dev.birgus.infra.observe.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/** The gauges that are shown now, and no other numbers. */
final class RecordedGauges implements Metrics {

  private final Map<String, DoubleSupplier> shown = new TreeMap<>();

  /** Each with its labels and what it says now. */
  List<String> text() {
    return shown.entrySet().stream()
        .map(each -> each.getKey() + " " + (long) each.getValue().getAsDouble())
        .toList();
  }

  @Override
  public void gauge(Meter meter, DoubleSupplier value, String... labels) {
    shown.put(meter + List.of(labels).toString(), value);
  }

  @Override
  public void forget(Meter gauge, String... labels) {
    shown.remove(gauge + List.of(labels).toString());
  }

  @Override
  public void add(Meter meter, long amount, String... labels) {}

  @Override
  public void took(Meter meter, Duration time, String... labels) {}
}
