package dev.birgus.infra.registry;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.credentials.Credentials;
import java.util.Optional;

/**
 * Says why a registry did not let us in: without credentials, with wrong ones, or with those of an
 * account that may not do what was asked. Sources are named, what they hold is not.
 */
final class Denials {

  private static final int MOST_NAMED = 5;

  private final String registry;
  private final Credentials credentials;

  Denials(String registry, Credentials credentials) {
    this.registry = registry;
    this.credentials = credentials;
  }

  /**
   * A refusal.
   *
   * @param shown where the credential came from; empty if there was none
   * @param known whether the registry believed us who we are
   */
  RegistryException because(String what, String reason, Optional<String> shown, boolean known) {
    var failed = "cannot " + what + ": " + reason + "; ";
    if (shown.isEmpty()) {
      return failure(failed + none(), adviceForNone());
    }
    var from = shown.get().isEmpty() ? "" : " from " + shown.get();
    var place =
        shown.get().isEmpty()
            ? "the docker config file (~/.docker/config.json) or the environment"
            : shown.get();
    return known
        ? failure(
            failed + "the credentials" + from + " do not allow it",
            "give their account the right to do that in "
                + registry
                + ", and check the name: some registries deny what does not exist")
        : failure(
            failed + "the credentials" + from + " are not accepted",
            "check user and password or token for "
                + registry
                + " in "
                + place
                + ": they may be wrong, or have ended");
  }

  private static RegistryException failure(String message, String advice) {
    return new RegistryException(Failure.of("registry-denied", message, advice));
  }

  private String none() {
    var others = credentials.knownRegistries();
    var named = others.stream().limit(MOST_NAMED).toList();
    var text = "there are no credentials for " + registry;
    if (!others.isEmpty()) {
      text +=
          ", only for " + String.join(", ", named) + (others.size() > MOST_NAMED ? ", ..." : "");
    }
    return text + credentials.reasonForNone(registry).map(why -> "; " + why).orElse("");
  }

  private String adviceForNone() {
    return "give credentials for "
        + registry
        + " in the docker config file (~/.docker/config.json) or the environment, with the host"
        + " written as it is here; and check the name: some registries deny what does not exist";
  }
}
