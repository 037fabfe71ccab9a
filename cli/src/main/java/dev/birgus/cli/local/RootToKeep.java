package dev.birgus.cli.local;

import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.executor.run.InplaceSettings;
import dev.birgus.infra.contracts.Grants.SecretSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What of this machine's root has to stay if commands are run in place of it. */
final class RootToKeep {

  private static final String KANIKO = "/kaniko";

  /** Schemes of contexts that are files of this machine. */
  private static final Set<String> OURS = Set.of("dir", "tar", "file", "oci-layout");

  /** Variables that name files or folders somebody reads. */
  private static final List<String> VARIABLES =
      List.of(
          "BIRGUS_HOME",
          "DOCKER_CONFIG",
          "REGISTRY_AUTH_FILE",
          "SSL_CERT_FILE",
          "SSL_CERT_DIR",
          "GOOGLE_APPLICATION_CREDENTIALS",
          "AWS_SHARED_CREDENTIALS_FILE",
          "AWS_CONFIG_FILE",
          "AWS_WEB_IDENTITY_TOKEN_FILE",
          "AZURE_FEDERATED_TOKEN_FILE");

  private final Machine machine;
  private final Set<Path> kept = new LinkedHashSet<>();

  private RootToKeep(Machine machine) {
    this.machine = machine;
  }

  /** What stays whatever is built. */
  static InplaceSettings of(Machine machine, Path state) {
    var root = new RootToKeep(machine);
    root.addOwn(state);
    return root.settings(false);
  }

  /** What stays while this is built. */
  static InplaceSettings of(BuildCommand command, Machine machine, Path state) {
    var root = new RootToKeep(machine);
    root.addOwn(state);
    root.addInputs(command);
    root.addOutputs(command.output());
    return root.settings(command.steps().forced());
  }

  private InplaceSettings settings(boolean forced) {
    var said = machine.environment().getOrDefault("BIRGUS_EXPENDABLE_ROOT", "").equals("yes");
    return new InplaceSettings(forced || said, List.copyOf(kept));
  }

  private void addOwn(Path state) {
    kept.add(state.normalize());
    addIfThere(KANIKO);
    var environment = machine.environment();
    VARIABLES.forEach(name -> addIfThere(environment.getOrDefault(name, "")));
    var home = environment.getOrDefault("HOME", "");
    if (!home.isEmpty()) {
      addIfThere(home + "/.docker");
      addIfThere(home + "/.aws");
    }
  }

  private void addInputs(BuildCommand command) {
    var source = command.source();
    addSource(source.context());
    addIfThere(source.dockerfile());
    source.namedContexts().values().forEach(this::addSource);
    for (var secret : command.access().secrets().values()) {
      if (secret instanceof SecretSource.InFile(var path)) {
        addIfThere(path);
      }
    }
    command.access().agents().values().forEach(agent -> addIfThere(agent.socket()));
    var registries = command.registries();
    registries.certificates().values().forEach(this::addIfThere);
    for (var pair : registries.clientCertificates().values()) {
      addIfThere(pair.certificate());
      addIfThere(pair.key());
    }
    registries.kanikoDirectory().ifPresent(this::addIfThere);
  }

  private void addOutputs(BuildCommand.Output output) {
    for (var path :
        List.of(
            output.tarPath(),
            output.layoutPath(),
            output.digestFile(),
            output.nameDigestFile(),
            output.nameTagDigestFile(),
            output.builderOutput())) {
      path.filter(text -> !text.isEmpty()).map(this::resolve).ifPresent(kept::add);
    }
  }

  private void addSource(String written) {
    var scheme = written.indexOf("://");
    if (scheme < 0) {
      addIfThere(written);
    } else if (OURS.contains(written.substring(0, scheme))) {
      addIfThere(written.substring(scheme + 3));
    }
  }

  private void addIfThere(String path) {
    if (path.isEmpty() || path.contains("://") || path.indexOf('\0') >= 0) {
      return;
    }
    Optional.of(resolve(path)).filter(Files::exists).ifPresent(kept::add);
  }

  private Path resolve(String path) {
    return machine.workingDirectory().resolve(path).normalize();
  }
}
