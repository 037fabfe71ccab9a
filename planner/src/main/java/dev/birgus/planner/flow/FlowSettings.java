package dev.birgus.planner.flow;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.AdmissionRules;
import java.util.Optional;

/**
 * What builds may ask for, and what they may share.
 *
 * @param networked whether stages whose commands may use the network, and what is built of those,
 *     are shared between builds
 * @param admission what builds may ask for; empty where whoever asks may have anything, as on his
 *     own machine
 */
public record FlowSettings(boolean networked, Optional<AdmissionRules> admission) {

  /** Builds may have anything, and share all they can. */
  public static final FlowSettings DEFAULT = new FlowSettings(true, Optional.empty());

  public FlowSettings {
    requireNonNull(admission, "admission");
  }
}
