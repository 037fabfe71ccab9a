package dev.birgus.infra.credentials;

import dev.birgus.infra.credentials.aws.EcrRegistry;
import dev.birgus.infra.credentials.aws.EcrSource;
import dev.birgus.infra.credentials.azure.AcrRegistry;
import dev.birgus.infra.credentials.azure.AcrSource;
import dev.birgus.infra.credentials.google.GoogleRegistry;
import dev.birgus.infra.credentials.google.GoogleSource;
import dev.birgus.infra.observe.Journal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks one source of credentials after the other. The first that knows the registry is believed.
 */
public final class CredentialChain implements Credentials {

  private final List<Credentials> sources;

  /** A chain of these, the first one asked first. */
  public CredentialChain(List<Credentials> sources) {
    this.sources = List.copyOf(sources);
  }

  /**
   * The usual chain: the docker configuration, inline and then file by file, and the built-in
   * sources.
   *
   * @param connections how clouds are reached
   * @param journal told when a cloud has nothing for one of its own registries
   */
  public static CredentialChain of(
      CredentialSettings settings, Connections connections, Journal journal) {
    var sources = new ArrayList<>(DockerConfigCredentials.all(settings));
    for (var source : settings.builtIn()) {
      sources.add(builtIn(source, settings, connections, journal));
    }
    return new CredentialChain(sources);
  }

  private static Credentials builtIn(
      BuiltInSource source, CredentialSettings settings, Connections connections, Journal journal) {
    var environment = settings.environment();
    var clock = InstantSource.system();
    return switch (source) {
      case ENV -> new VariableCredentials(environment);
      case GOOGLE ->
          new CloudCredentials(
              "Google",
              GoogleRegistry::serves,
              () -> new GoogleSource(environment, connections, clock),
              journal,
              clock);
      case ECR ->
          new CloudCredentials(
              "AWS",
              registry -> EcrRegistry.of(registry).isPresent(),
              () -> EcrSource.of(environment, connections, clock),
              journal,
              clock);
      case ACR ->
          new CloudCredentials(
              "Azure",
              registry -> AcrRegistry.of(registry).isPresent(),
              () -> new AcrSource(environment, connections, clock),
              journal,
              clock);
      case GITLAB -> new GitLabCredentials(environment);
    };
  }

  @Override
  public Optional<Credential> find(String registry, String repository) {
    return provide(registry, repository).map(Provided::credential);
  }

  @Override
  public Optional<Provided> provide(String registry, String repository) {
    for (var source : sources) {
      var provided = source.provide(registry, repository);
      if (provided.isPresent()) {
        return provided;
      }
    }
    return Optional.empty();
  }

  @Override
  public List<String> knownRegistries() {
    return sources.stream().flatMap(source -> source.knownRegistries().stream()).toList();
  }

  @Override
  public Optional<String> reasonForNone(String registry) {
    for (var source : sources) {
      var reason = source.reasonForNone(registry);
      if (reason.isPresent()) {
        return reason;
      }
    }
    return Optional.empty();
  }
}
