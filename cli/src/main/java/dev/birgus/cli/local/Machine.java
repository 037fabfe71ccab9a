package dev.birgus.cli.local;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Platform;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a build may know of the machine and the process it runs in.
 *
 * @param environment of the process
 * @param workingDirectory absolute; relative paths of the command line belong to it
 * @param platform of the machine
 * @param processId of this process, to name builds by
 * @param version of birgus
 * @param inputIsTerminal whether a person would have to type standard input
 */
public record Machine(
    Map<String, String> environment,
    Path workingDirectory,
    Platform platform,
    long processId,
    String version,
    boolean inputIsTerminal) {

  public Machine {
    environment = Map.copyOf(environment);
    requireNonNull(platform, "platform");
    requireNonNull(version, "version");
    if (!workingDirectory.isAbsolute()) {
      throw new IllegalArgumentException("not an absolute path: " + workingDirectory);
    }
  }

  /** Environments hold secrets. */
  @Override
  public String toString() {
    return "Machine[" + workingDirectory + ", " + platform + ", " + processId + "]";
  }
}
