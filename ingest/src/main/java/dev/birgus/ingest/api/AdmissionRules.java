package dev.birgus.ingest.api;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Grants.Entitlement;
import java.time.Duration;
import java.util.Set;

/**
 * What builds may ask for here.
 *
 * @param secretFiles whether nodes have a folder of secrets, in which builds may name files
 * @param secretVariables names of variables of the nodes that builds may have as secrets
 * @param entitlements that builds may be given
 * @param timeLimit how long a build may take, also one that does not say
 */
public record AdmissionRules(
    boolean secretFiles,
    Set<String> secretVariables,
    Set<Entitlement> entitlements,
    Duration timeLimit) {

  public AdmissionRules {
    secretVariables = Set.copyOf(secretVariables);
    entitlements = Set.copyOf(entitlements);
    requireNonNull(timeLimit, "timeLimit");
  }
}
