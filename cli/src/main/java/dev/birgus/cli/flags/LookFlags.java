package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.Flag.own;
import static dev.birgus.cli.flags.FlagType.BOOLEAN;
import static dev.birgus.cli.flags.FlagType.CHOICE;

import java.util.List;

/** The flags by which a build is only looked at, and the one that makes it more like kaniko's. */
final class LookFlags {

  private LookFlags() {}

  static List<Flag> all() {
    return List.of(
        own(BOOLEAN, "dry-run", "false", "Print the plan and build nothing")
            .also("dryrun")
            .sets(
                FlagGroup.DISPLAY,
                "The stages, their steps and base images with digests, what is left out, and what"
                    + " would be delivered. Base images are looked up; nothing is built, pushed or"
                    + " written."),
        own(BOOLEAN, "check", "false", "Check the Dockerfile and build nothing")
            .sets(
                FlagGroup.DISPLAY,
                "The same as the command `check`; see [build-checks.md](build-checks.md)."),
        own(CHOICE, "format", "text", "How a plan, a check or what was found out is printed")
            .oneOf("text", "json")
            .sets(FlagGroup.DISPLAY, "Only with `--dry-run`, checks, `prune` and `doctor`."),
        own(BOOLEAN, "kaniko-compat", "false", "Do as kaniko where that is another right result")
            .sets(
                FlagGroup.IMAGE,
                "LABEL wins over `--label`. All differences are in"
                    + " [kaniko-migration.md](kaniko-migration.md)."));
  }
}
