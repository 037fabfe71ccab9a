package dev.birgus.cli.progress;

import dev.birgus.infra.contracts.Failure;
import java.util.List;

/** The one line with which kaniko ends a failed build, for those who search logs for it. */
final class KanikoWording {

  /** How lines of kaniko begin that the services write themselves: they know what they were at. */
  private static final List<String> COMPLETE =
      List.of(
          "error resolving dockerfile path: ",
          "error resolving source context: ",
          "error checking push permissions",
          "error pushing image: ");

  private KanikoWording() {}

  /**
   * That line. It holds the failure's message, but for a command that failed: there kaniko names
   * the exit status alone.
   *
   * @param built whether the image was built, so that its delivery is what failed
   */
  static String errorLine(Failure failure, boolean built) {
    if (COMPLETE.stream().anyMatch(failure.message()::startsWith)) {
      return failure.message();
    }
    if (built) {
      return "error pushing image: " + failure.message();
    }
    if (failure.name().equals(Failure.COMMAND_FAILED)) {
      return "error building image: error building stage: failed to execute command: waiting for"
          + " process to exit: exit status "
          + failure.exitCode();
    }
    return "error building image: " + failure.message();
  }
}
