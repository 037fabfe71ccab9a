package dev.birgus.ingest.api;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.AdmissionRules;
import java.nio.file.Path;

/**
 * How the API works.
 *
 * @param history folder of the builds it knows
 * @param mostBuilds that are kept there; the oldest that have ended go
 * @param mostBytes that they may take
 * @param watchers who may follow builds at once
 * @param largestContext bytes an uploaded context may have
 * @param rules what builds may ask for
 */
public record ApiSettings(
    Path history,
    int mostBuilds,
    long mostBytes,
    int watchers,
    long largestContext,
    AdmissionRules rules) {

  /** Who may follow builds at once, if nothing is said. */
  public static final int USUAL_WATCHERS = 2000;

  public ApiSettings {
    requireNonNull(history, "history");
    requireNonNull(rules, "rules");
    if (mostBuilds < 1 || mostBytes < 1 || watchers < 1 || largestContext < 1) {
      throw new IllegalArgumentException("a server keeps a build, and takes a context");
    }
  }

  /** The same for as many watchers as usual, with builds that may take any amount. */
  public ApiSettings(Path history, int mostBuilds, long largestContext, AdmissionRules rules) {
    this(history, mostBuilds, Long.MAX_VALUE, USUAL_WATCHERS, largestContext, rules);
  }
}
