package dev.birgus.infra.doors;

import dev.birgus.infra.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Whether a process lives, and whether it can be given work. A part that was named and has not been
 * heard of is not ready. A part that has stopped for good is both: only starting the process again
 * helps.
 */
public final class Health {

  private static final String UNHEARD = "not started yet";

  private final Map<String, Supplier<Optional<String>>> parts = new ConcurrentHashMap<>();
  private final Map<String, Supplier<Optional<String>>> ends = new ConcurrentHashMap<>();
  private volatile boolean draining;

  /** Names a part that has to be ready. */
  public Health expects(String part) {
    parts.put(part, () -> Optional.of(UNHEARD));
    return this;
  }

  /**
   * Says how a part does from now on.
   *
   * @param problem asked each time: empty while it is ready; what is wrong, for operators
   */
  public void watch(String part, Supplier<Optional<String>> problem) {
    parts.put(part, problem);
  }

  /**
   * Says how it is told from now on that a part has stopped for good.
   *
   * @param end asked each time: empty while it goes on; why it has stopped, for operators
   */
  public void watchEnd(String part, Supplier<Optional<String>> end) {
    ends.put(part, end);
  }

  /** Says that a part is ready. */
  public void ready(String part) {
    watch(part, Optional::empty);
  }

  /** From now on nothing new is taken. */
  public void drain() {
    draining = true;
  }

  /** What is not ready, and why. */
  public Map<String, String> problems() {
    var problems = new LinkedHashMap<String, String>();
    if (draining) {
      problems.put("process", "it is ending");
    }
    ask(parts, problems);
    problems.putAll(stopped());
    return problems;
  }

  /** What has stopped for good, and why. */
  public Map<String, String> stopped() {
    var stopped = new LinkedHashMap<String, String>();
    ask(ends, stopped);
    return stopped;
  }

  private static void ask(
      Map<String, Supplier<Optional<String>>> parts, Map<String, String> problems) {
    parts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(part ->
            asked(part.getValue()).ifPresent(problem -> problems.put(part.getKey(), problem)));
  }

  private static Optional<String> asked(Supplier<Optional<String>> part) {
    try {
      return part.get();
    } catch (RuntimeException failed) {
      return Optional.of(String.valueOf(failed.getMessage()));
    }
  }

  /** The routes {@code /livez} and {@code /readyz}. */
  public Routes routes() {
    return new Routes()
        .on("GET", "/livez", exchange -> answer(exchange, stopped(), "alive", "stopped"))
        .on("GET", "/readyz", exchange -> answer(exchange, problems(), "ready", "not ready"));
  }

  private static void answer(
      Exchange exchange, Map<String, String> problems, String well, String unwell)
      throws IOException {
    var answer = status(problems.isEmpty() ? well : unwell);
    for (var problem : problems.entrySet()) {
      answer =
          answer.with(
              "problems",
              answer.object("problems").with(problem.getKey(), Json.of(problem.getValue())));
    }
    exchange.respond(problems.isEmpty() ? 200 : 503, answer);
  }

  private static Json.Obj status(String word) {
    return Json.Obj.EMPTY.with("status", Json.of(word));
  }
}
