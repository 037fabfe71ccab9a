package dev.birgus.cli;

import static java.util.Objects.requireNonNull;

import dev.birgus.cli.local.Machine;

/**
 * What the process was started with.
 *
 * @param program how it was called
 * @param machine what a build may know
 * @param stateDirectory where things are kept if nobody says otherwise
 * @param terminal whether standard error is a terminal
 * @param namespace what became of entering namespaces of our own: {@code mount}, {@code user},
 *     {@code refused}, {@code unwanted}, {@code unneeded} or nothing
 * @param refusal why that was refused; empty if it was not
 * @param ordinaryUser whether the process is not root, not even in a user namespace
 */
public record Surroundings(
    String program,
    Machine machine,
    String stateDirectory,
    boolean terminal,
    String namespace,
    String refusal,
    boolean ordinaryUser) {

  public Surroundings {
    requireNonNull(program, "program");
    requireNonNull(machine, "machine");
    requireNonNull(stateDirectory, "stateDirectory");
    requireNonNull(namespace, "namespace");
    requireNonNull(refusal, "refusal");
  }
}
