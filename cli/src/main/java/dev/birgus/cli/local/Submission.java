package dev.birgus.cli.local;

import dev.birgus.cli.flags.BuildCommand;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.ingest.service.RequestedOutputs;
import dev.birgus.ingest.service.SubmittedBuild;
import java.util.List;
import java.util.Map;

/** A command line as ingest takes it. */
public final class Submission {

  private Submission() {}

  static SubmittedBuild of(BuildCommand command, Machine machine) {
    return of(command, machine, command.source().context(), outputs(command.output(), true));
  }

  /**
   * The same for a server: secrets are on its nodes, and nothing of them is looked for here. How
   * much a command may use is said by the build.
   */
  public static SubmittedBuild onServer(BuildCommand command, Machine machine) {
    var access = command.access();
    var grants =
        new Grants(access.secrets(), Map.of(), access.entitlements())
            .with(command.steps().limits());
    return of(
        command, machine, command.source().context(), outputs(command.output(), false), grants);
  }

  /** The same, but of this context, and whatever comes of it goes nowhere. */
  static SubmittedBuild lookedAt(BuildCommand command, Machine machine, String context) {
    return of(command, machine, context, RequestedOutputs.none());
  }

  private static SubmittedBuild of(
      BuildCommand command, Machine machine, String context, RequestedOutputs outputs) {
    return of(command, machine, context, outputs, grants(command, machine));
  }

  private static SubmittedBuild of(
      BuildCommand command,
      Machine machine,
      String context,
      RequestedOutputs outputs,
      Grants grants) {
    var source = command.source();
    return new SubmittedBuild(
        machine.workingDirectory(),
        context,
        source.contextSubPath(),
        source.dockerfile(),
        pairs(source.namedContexts()),
        pairs(source.arguments()),
        machine.environment(),
        pairs(command.image().labels()),
        source.targets(),
        source.uncached(),
        source.platform(),
        options(command.image()).with(grants),
        outputs);
  }

  private static Grants grants(BuildCommand command, Machine machine) {
    return Access.of(command.access(), machine.workingDirectory()).with(command.steps().limits());
  }

  private static BuildOptions options(BuildCommand.Image image) {
    return new BuildOptions(
        image.timestamp(),
        image.compression(),
        image.singleLayer(),
        image.annotations(),
        image.dockerfileLabelsWin(),
        Grants.NONE,
        image.ignoredPaths(),
        image.format());
  }

  /**
   * Where the image goes.
   *
   * @param sent whether digests with an address are sent by the caller; else ingest refuses them
   */
  private static RequestedOutputs outputs(BuildCommand.Output output, boolean sent) {
    return new RequestedOutputs(
        output.destinations().stream().map(BuildCommand.Destination::written).toList(),
        !output.push(),
        output.tarPath(),
        output.layoutPath(),
        sent ? DigestAddresses.path(output.digestFile()) : output.digestFile(),
        sent ? DigestAddresses.path(output.nameDigestFile()) : output.nameDigestFile(),
        sent ? DigestAddresses.path(output.nameTagDigestFile()) : output.nameTagDigestFile(),
        output.builderOutput());
  }

  private static List<String> pairs(Map<String, String> map) {
    return map.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
  }
}
