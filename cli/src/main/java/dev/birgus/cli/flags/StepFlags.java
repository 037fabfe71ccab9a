package dev.birgus.cli.flags;

import dev.birgus.executor.run.Rung;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.StepLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What is said about how commands are run, by flag or by variable. */
final class StepFlags {

  private static final long LEAST_MEMORY = 1 << 20;

  private final ParsedFlags flags;
  private final Map<String, String> environment;

  StepFlags(ParsedFlags flags, Map<String, String> environment) {
    this.flags = flags;
    this.environment = environment;
  }

  /** What was said; a flag wins over its variable. */
  record Said(String name, String value) {}

  /**
   * How commands are run.
   *
   * @throws FailureException named {@code bad-flag-value}
   */
  BuildCommand.Steps read() {
    return new BuildCommand.Steps(
        isolation(), new StepLimits(memory(), processes(), timeout()), flags.on("force"));
  }

  /** How commands are run where nothing is built: nobody is asked to give up a root. */
  BuildCommand.Steps readUnforced() {
    return new BuildCommand.Steps(isolation(), new StepLimits(memory(), processes(), timeout()));
  }

  private Optional<Rung> isolation() {
    var said = said("isolation");
    if (said.isEmpty() || said.get().value().equals("auto")) {
      return Optional.empty();
    }
    var rung = Rung.named(said.get().value());
    if (rung.isEmpty()) {
      throw bad(said.get(), "write one of " + String.join(", ", choices()));
    }
    return rung;
  }

  private static List<String> choices() {
    return FlagTable.find("isolation").orElseThrow().choices();
  }

  private OptionalLong memory() {
    var said = said("step-memory");
    if (said.isEmpty() || said.get().value().isEmpty()) {
      return OptionalLong.empty();
    }
    var bytes = StateFlags.bytes(said.get().name(), said.get().value());
    if (bytes.isPresent() && bytes.getAsLong() < LEAST_MEMORY) {
      throw bad(said.get(), "no command runs with less than 1MiB");
    }
    return bytes;
  }

  private OptionalLong processes() {
    var said = said("step-pids");
    if (said.isEmpty()) {
      return OptionalLong.empty();
    }
    var number =
        FlagValues.parseInteger(said.get().value())
            .filter(value -> value >= 0)
            .orElseThrow(() -> bad(said.get(), "write a whole number, 0 or more"));
    return number == 0 ? OptionalLong.empty() : OptionalLong.of(number);
  }

  private Optional<Duration> timeout() {
    var said = said("step-timeout");
    if (said.isEmpty()) {
      return Optional.empty();
    }
    var time =
        FlagValues.parseDuration(said.get().value())
            .filter(value -> !value.isNegative())
            .orElseThrow(() -> bad(said.get(), "write a number with a unit, such as 30m"));
    return Optional.of(time).filter(Duration::isPositive);
  }

  private Optional<Said> said(String flag) {
    if (flags.isGiven(flag)) {
      return Optional.of(new Said("--" + flag, flags.text(flag)));
    }
    var variable = FlagTable.find(flag).orElseThrow().environment();
    var value = environment.getOrDefault(variable, "");
    return value.isEmpty() ? Optional.empty() : Optional.of(new Said(variable, value));
  }

  private static FailureException bad(Said said, String expected) {
    return FlagParser.failure(
        "bad-flag-value",
        "invalid value \"" + said.value() + "\" for " + said.name() + ": " + expected,
        "");
  }
}
