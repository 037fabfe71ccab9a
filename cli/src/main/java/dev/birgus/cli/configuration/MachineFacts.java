package dev.birgus.cli.configuration;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Platform;
import java.nio.file.Path;
import java.util.Map;

/**
 * What settings depend on beside what was said.
 *
 * @param environment of the process
 * @param workingDirectory absolute; relative paths belong to it
 * @param hostName of the machine
 * @param stateDirectory the usual one
 * @param cores of the machine
 * @param memory of the machine, in bytes
 */
public record MachineFacts(
    Map<String, String> environment,
    Path workingDirectory,
    Platform platform,
    String hostName,
    String stateDirectory,
    int cores,
    long memory) {

  public MachineFacts {
    environment = Map.copyOf(environment);
    requireNonNull(workingDirectory, "workingDirectory");
    requireNonNull(platform, "platform");
    requireNonNull(hostName, "hostName");
    requireNonNull(stateDirectory, "stateDirectory");
  }

  /** Environments hold secrets. */
  @Override
  public String toString() {
    return "MachineFacts[" + hostName + "]";
  }
}
