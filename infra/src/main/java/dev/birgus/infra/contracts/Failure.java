package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * Why something did not work, for the person who has to act on it.
 *
 * @param name stable, lower case with dashes: what a script or a metric goes by
 * @param message what was wrong, one sentence, with the value that was wrong; never a secret
 * @param advice what to do about it; empty where nothing sensible can be said
 * @param at the instruction it happened in
 * @param exitCode what the process should exit with, 1 to 255
 * @param output the last lines the failing step printed
 */
public record Failure(
    String name,
    String message,
    String advice,
    Optional<SourceLocation> at,
    int exitCode,
    List<String> output) {

  /** The name of a failure whose cause is the exit status of a command of the Dockerfile. */
  public static final String COMMAND_FAILED = "run-failed";

  /** The name of a failure whose cause is that a layer a stage made is nowhere any more. */
  public static final String LAYER_MISSING = "layer-missing";

  /** The name of a failure whose cause is that an event is larger than the bus carries. */
  public static final String EVENT_TOO_LARGE = "event-too-large";

  public Failure {
    requireNonNull(name, "name");
    requireNonNull(message, "message");
    requireNonNull(advice, "advice");
    requireNonNull(at, "at");
    output = List.copyOf(output);
    if (exitCode < 1 || exitCode > 255) {
      throw new IllegalArgumentException("not a failing exit code: " + exitCode);
    }
  }

  /** A failure with exit code 1 and no place. */
  public static Failure of(String name, String message, String advice) {
    return new Failure(name, message, advice, Optional.empty(), 1, List.of());
  }

  /** The same failure, in this instruction. A place already known is kept: it is the nearer one. */
  public Failure in(SourceLocation location) {
    return at.isPresent()
        ? this
        : new Failure(name, message, advice, Optional.of(location), exitCode, output);
  }

  /** This failure on its way to whoever reports it. */
  public FailureException toException() {
    return new FailureException(this);
  }

  /** This failure on its way, with what caused it. */
  public FailureException toException(Throwable cause) {
    return new FailureException(this, cause);
  }
}
