package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.Flag.fork;
import static dev.birgus.cli.flags.Flag.kaniko;
import static dev.birgus.cli.flags.Flag.own;
import static dev.birgus.cli.flags.FlagGroup.DISPLAY;
import static dev.birgus.cli.flags.FlagGroup.KANIKO;
import static dev.birgus.cli.flags.FlagGroup.MACHINE;
import static dev.birgus.cli.flags.FlagType.BOOLEAN;
import static dev.birgus.cli.flags.FlagType.CHOICE;
import static dev.birgus.cli.flags.FlagType.DURATION;
import static dev.birgus.cli.flags.FlagType.INTEGER;
import static dev.birgus.cli.flags.FlagType.TEXT;

import java.util.List;
import java.util.stream.Stream;

/** The flags about what is shown, and about the machine the build runs on. */
final class MachineFlags {

  private MachineFlags() {}

  static List<Flag> all() {
    return Stream.of(display(), machine(), forks()).flatMap(List::stream).toList();
  }

  private static List<Flag> display() {
    return List.of(
        own(CHOICE, "progress", "auto", "How the build is shown: live, as lines, or not at all")
            .oneOf("auto", "plain", "tty", "quiet")
            .sets(DISPLAY, "`auto` is `tty` on a terminal and `plain` elsewhere."),
        kaniko(CHOICE, "verbosity", "info", "How much is said")
            .letter('v')
            .oneOf("trace", "debug", "info", "warn", "warning", "error", "fatal", "panic")
            .sets(DISPLAY, "`error` and above hide the steps, not what they print."),
        kaniko(CHOICE, "log-format", "color", "How lines look")
            .oneOf("text", "color", "json")
            .sets(
                DISPLAY,
                "`color` by default only on a terminal; given explicitly, everywhere. `json` is"
                    + " one object a line."),
        kaniko(BOOLEAN, "log-timestamp", "false", "Begin each line with the time")
            .sets(DISPLAY, "JSON lines always have it."),
        kaniko(BOOLEAN, "help", "false", "Show the help text")
            .letter('h')
            .sets(DISPLAY, "Nothing is built."));
  }

  private static List<Flag> machine() {
    return List.of(
        own(TEXT, "state-dir", "", "Where base images and work files are kept")
            .variable("BIRGUS_STATE_DIR")
            .sets(
                MACHINE,
                "`/var/lib/birgus` for root, `$XDG_STATE_HOME/birgus` or `~/.local/state/birgus`"
                    + " for others."),
        own(TEXT, "state-limit", "10GB", "How much of it may be left when a build ends")
            .variable("BIRGUS_STATE_LIMIT")
            .sets(
                MACHINE,
                "What was used longest ago goes; what a running build uses stays. `500MB`, `20GiB`,"
                    + " or `none`. The default is at most half of the file system."),
        own(CHOICE, "storage", "auto", "How the root file systems of stages are kept")
            .oneOf("auto", "overlay", "tree")
            .variable("BIRGUS_STORAGE")
            .sets(
                MACHINE,
                "`overlay` needs to mount, `tree` does not, and looks at every file after each"
                    + " step. `auto` tries. The image is the same."),
        own(CHOICE, "isolation", "auto", "How RUN is kept apart from this machine")
            .oneOf("auto", "ns", "userns", "chroot-notify", "chroot", "inplace")
            .variable("BIRGUS_ISOLATION")
            .sets(
                MACHINE,
                "`auto` is the first of the others, without `inplace`, that works here; `birgus"
                    + " doctor` tells which. See [isolation.md](isolation.md)."),
        own(TEXT, "step-memory", "", "How much memory a RUN may use")
            .variable("BIRGUS_STEP_MEMORY")
            .sets(
                MACHINE,
                "`512MB` or `2GiB`, for all its processes together. Needs a cgroup that can be"
                    + " written."),
        own(INTEGER, "step-pids", "0", "How many processes and threads a RUN may have")
            .variable("BIRGUS_STEP_PIDS")
            .sets(MACHINE, "`0` is any number. Needs a cgroup that can be written."),
        own(DURATION, "step-timeout", "", "How long a RUN may take before it is ended")
            .variable("BIRGUS_STEP_TIMEOUT")
            .sets(MACHINE, "Such as `30m`; `0` is for ever."),
        kaniko(BOOLEAN, "force", "false", "Build outside a container")
            .sets(
                KANIKO,
                "With `--isolation=inplace` the machine's own root may be emptied, as with"
                    + " `BIRGUS_EXPENDABLE_ROOT=yes`. Else nothing: the root is not written to."),
        kaniko(BOOLEAN, "cleanup", "false", "Empty the executor's root after the build")
            .accepted(KANIKO, "The executor's root is never written to; work files always go."));
  }

  private static List<Flag> forks() {
    return List.of(
        fork(BOOLEAN, "pre-cleanup", "false", "Empty the executor's root before the build")
            .variable("KANIKO_PRE_CLEANUP")
            .accepted(KANIKO, "Every stage begins in a root of its own."),
        fork(BOOLEAN, "preserve-context", "false", "Save the context from clean-ups of the root")
            .variable("KANIKO_PRESERVE_CONTEXT")
            .accepted(KANIKO, "The context is never written to."));
  }
}
