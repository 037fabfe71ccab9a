package dev.birgus.ingest.api;

import dev.birgus.infra.contracts.Grants.Entitlement;
import java.util.Set;

/**
 * What builds may ask for here.
 *
 * @param secretFiles whether nodes have a folder of secrets, in which builds may name files
 * @param secretVariables names of variables of the nodes that builds may have as secrets
 * @param entitlements that builds may be given
 */
public record AdmissionRules(
    boolean secretFiles, Set<String> secretVariables, Set<Entitlement> entitlements) {

  /** Nothing but the build's own files. */
  public static final AdmissionRules STRICT = new AdmissionRules(false, Set.of(), Set.of());

  public AdmissionRules {
    secretVariables = Set.copyOf(secretVariables);
    entitlements = Set.copyOf(entitlements);
  }
}
