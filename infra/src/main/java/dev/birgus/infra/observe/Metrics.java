package dev.birgus.infra.observe;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Where the services count what they do. Values of labels come from small sets: outcomes and kinds,
 * never names of builds or images.
 */
public interface Metrics {

  /** Adds to a counter. */
  void add(Meter meter, long amount, String... labels);

  /** Adds a time. */
  void took(Meter meter, Duration time, String... labels);

  /** Shows a value that is asked for whenever somebody looks; the last one given counts. */
  void gauge(Meter meter, DoubleSupplier value, String... labels);

  /** Shows a gauge no more, until it is given again. */
  void forget(Meter gauge, String... labels);

  /** Adds one to a counter. */
  default void count(Meter meter, String... labels) {
    add(meter, 1, labels);
  }

  /** Metrics nobody looks at. */
  static Metrics none() {
    return new Metrics() {
      @Override
      public void add(Meter meter, long amount, String... labels) {}

      @Override
      public void took(Meter meter, Duration time, String... labels) {}

      @Override
      public void gauge(Meter meter, DoubleSupplier value, String... labels) {}

      @Override
      public void forget(Meter gauge, String... labels) {}
    };
  }
}
