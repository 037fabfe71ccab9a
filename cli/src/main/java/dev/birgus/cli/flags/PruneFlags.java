package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.Flag.own;
import static dev.birgus.cli.flags.FlagType.BOOLEAN;
import static dev.birgus.cli.flags.FlagType.DURATION;
import static dev.birgus.cli.flags.FlagType.TEXT;

import java.util.List;

/** The flags of the command that deletes what is kept from earlier builds. */
final class PruneFlags {

  private PruneFlags() {}

  static List<Flag> all() {
    return List.of(
        own(BOOLEAN, "all", "false", "Delete all that no running build uses")
            .sets(FlagGroup.PRUNE, "Also what would save later builds time."),
        own(DURATION, "older-than", "", "Delete what was not used for so long")
            .sets(FlagGroup.PRUNE, "Such as `168h`."),
        own(TEXT, "max-size", "", "Delete what was used longest ago, until the rest fits")
            .sets(FlagGroup.PRUNE, "Such as `2GB` or `500MiB`."));
  }
}
