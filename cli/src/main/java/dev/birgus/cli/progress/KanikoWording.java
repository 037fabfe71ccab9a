package dev.birgus.cli.progress;

import dev.birgus.infra.contracts.Failure;

/** The one line with which kaniko ends a failed build, for those who search logs for it. */
final class KanikoWording {

  private KanikoWording() {}

  /**
   * That line.
   *
   * @param built whether the image was built, so that its delivery is what failed
   */
  static String errorLine(Failure failure, boolean built) {
    var name = failure.name();
    if (name.startsWith("dockerfile-") || name.equals("no-dockerfile")) {
      return "error resolving dockerfile path: please provide a valid path to a Dockerfile within"
          + " the build context with --dockerfile";
    }
    if (name.contains("context")) {
      return "error resolving source context: " + failure.message();
    }
    if (name.contains("permission-check") || name.equals("push-denied")) {
      return "error checking push permissions -- make sure you entered the correct tag name, and"
          + " that you are authenticated correctly, and try again: "
          + failure.message();
    }
    if (built) {
      return "error pushing image: " + failure.message();
    }
    if (failure.at().isPresent() && (failure.exitCode() > 1 || name.startsWith("command-"))) {
      return "error building image: error building stage: failed to execute command: waiting for"
          + " process to exit: exit status "
          + failure.exitCode();
    }
    return "error building image: " + failure.message();
  }
}
