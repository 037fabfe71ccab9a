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
 * heard of is not ready.
 */
public final class Health {

  private static final String UNHEARD = "not started yet";

  private final Map<String, Supplier<Optional<String>>> parts = new ConcurrentHashMap<>();
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
    parts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(part ->
            asked(part.getValue()).ifPresent(problem -> problems.put(part.getKey(), problem)));
    return problems;
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
        .on("GET", "/livez", exchange -> exchange.respond(200, status("alive")))
        .on("GET", "/readyz", this::answerReady);
  }

  private void answerReady(Exchange exchange) throws IOException {
    var problems = problems();
    var answer = status(problems.isEmpty() ? "ready" : "not ready");
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
