package dev.birgus.planner.plan;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.instruct.Instruction;
import java.util.List;

/**
 * A request and the instructions of its Dockerfile: what a plan is made of before anything outside
 * has been looked at.
 *
 * @param instructions of the whole Dockerfile, in order
 * @param escape the Dockerfile's escape character, backslash or backtick
 * @param buildPlatform what the build itself runs on, for BUILDPLATFORM and its parts
 * @param build the build's own name, part of the id of stages that nobody else may share
 */
public record Draft(
    List<Instruction> instructions,
    char escape,
    BuildRequest request,
    Platform buildPlatform,
    String build) {

  public Draft {
    instructions = List.copyOf(instructions);
    requireNonNull(request, "request");
    requireNonNull(buildPlatform, "buildPlatform");
    requireNonNull(build, "build");
  }
}
