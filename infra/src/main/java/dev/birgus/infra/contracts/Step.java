package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * One instruction of a stage, in the order of the Dockerfile.
 *
 * @param at where it is written
 * @param text as written, continuation lines joined; for people
 * @param createdBy its entry in the image's history
 * @param operation what it does to the root file system; empty where it only changes configuration
 */
public record Step(
    SourceLocation at, String text, String createdBy, Optional<Operation> operation) {

  public Step {
    requireNonNull(at, "at");
    requireNonNull(text, "text");
    requireNonNull(createdBy, "createdBy");
    requireNonNull(operation, "operation");
  }
}
