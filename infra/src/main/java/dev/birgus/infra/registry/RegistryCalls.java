package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Words the requests to one registry in one direction. */
record RegistryCalls(RegistrySession session, Endpoint.Direction direction) {

  RegistryCalls {
    requireNonNull(session, "session");
    requireNonNull(direction, "direction");
  }

  /**
   * A request about a repository.
   *
   * @param path after the repository's name, beginning with a slash
   */
  Call call(String what, String method, String repository, String path) throws IOException {
    var actions = direction == Endpoint.Direction.PUSH ? "pull,push" : "pull";
    return new Call(
        what,
        method,
        session.uri("/v2/" + repository + path, what),
        repository,
        List.of("repository:" + repository + ":" + actions),
        Map.of(),
        new Call.Body.None());
  }

  RegistryFailures failures() {
    return session.failures();
  }

  /** A repository, for people. */
  String named(String repository) {
    return session.registry() + "/" + repository;
  }

  /** A tag or digest in a repository, for people. */
  String named(String repository, String reference) {
    return named(repository) + (reference.contains(":") ? "@" : ":") + reference;
  }
}
