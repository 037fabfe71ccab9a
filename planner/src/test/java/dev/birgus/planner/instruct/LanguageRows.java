package dev.birgus.planner.instruct;

import static dev.birgus.planner.instruct.Keyword.ADD;
import static dev.birgus.planner.instruct.Keyword.ARG;
import static dev.birgus.planner.instruct.Keyword.CMD;
import static dev.birgus.planner.instruct.Keyword.COPY;
import static dev.birgus.planner.instruct.Keyword.ENTRYPOINT;
import static dev.birgus.planner.instruct.Keyword.ENV;
import static dev.birgus.planner.instruct.Keyword.EXPOSE;
import static dev.birgus.planner.instruct.Keyword.FROM;
import static dev.birgus.planner.instruct.Keyword.HEALTHCHECK;
import static dev.birgus.planner.instruct.Keyword.LABEL;
import static dev.birgus.planner.instruct.Keyword.MAINTAINER;
import static dev.birgus.planner.instruct.Keyword.ONBUILD;
import static dev.birgus.planner.instruct.Keyword.RUN;
import static dev.birgus.planner.instruct.Keyword.SHELL;
import static dev.birgus.planner.instruct.Keyword.STOPSIGNAL;
import static dev.birgus.planner.instruct.Keyword.USER;
import static dev.birgus.planner.instruct.Keyword.VOLUME;
import static dev.birgus.planner.instruct.Keyword.WORKDIR;

import dev.birgus.planner.instruct.LanguagePage.Row;
import java.util.List;

/** What is known of each instruction and option. */
final class LanguageRows {

  static final List<Row> ALL =
      List.of(
          yes(
              FROM,
              "",
              "A stage (names without case), an image by tag or digest, a build context, or `scratch`. Stages nobody needs are not looked at."),
          yes(
              FROM,
              "platform",
              "Of an image; a stage keeps its own, with a warning. The image for it is chosen from an index."),
          yes(
              ARG,
              "",
              "Several at once. `--build-arg` wins over a default, which is not even looked at then."),
          yes(ENV, "", "Also `ENV name value`, with a warning."),
          yes(
              LABEL,
              "",
              "Also `LABEL name value`, with a warning. Labels of the command line win."),
          yes(RUN, "", "Shell form, JSON form, heredocs."),
          yes(RUN, "mount", "`bind`, `cache`, `tmpfs`, `secret` and `ssh` with all their options."),
          yes(RUN, "network", "`default`, `none` and `host`."),
          yes(RUN, "security", "`sandbox`; `insecure` needs a build that may grant it."),
          no(RUN, "device", "Refused: devices of the host cannot be granted."),
          yes(
              COPY,
              "",
              "Files, directories, patterns (`*`, `?`, `[…]`; `**` spans directories with `--parents` only, as in BuildKit), heredocs. Sources that match nothing are an error with near misses."),
          yes(
              COPY,
              "from",
              "A stage by name or number, an image, or a build context. No variables."),
          yes(COPY, "chown", "Numbers, or names of the target's `/etc/passwd` and `/etc/group`."),
          yes(COPY, "chmod", "Octal or symbolic."),
          yes(COPY, "link", "A symbolic link in the destination's path is not followed."),
          yes(
              COPY,
              "parents",
              "Keeps the directories of the sources; `/./` marks where they begin."),
          yes(COPY, "exclude", "Repeatable; patterns as in `.dockerignore`."),
          yes(
              ADD,
              "",
              "As COPY, and URLs, git repositories, and archives of the context, which are unpacked (tar; plain, gzip, bzip2, xz, zstd)."),
          yes(ADD, "chown", "As COPY."),
          yes(ADD, "chmod", "As COPY."),
          yes(ADD, "link", "As COPY."),
          yes(ADD, "exclude", "As COPY."),
          yes(ADD, "checksum", "Of a URL's content, or of a git commit."),
          yes(ADD, "keep-git-dir", "Keeps `.git` of a git repository."),
          yes(
              ADD,
              "unpack",
              "Unpacks an archive of a URL, or leaves one of the context as it is (`false`)."),
          yes(WORKDIR, "", "Relative to the one before. Made where missing; `/` makes no layer."),
          yes(
              USER,
              "",
              "Names or numbers. One that is empty after its variables is root, with a warning."),
          yes(CMD, "", "Both forms."),
          yes(
              ENTRYPOINT,
              "",
              "Both forms. It clears a CMD of the base, not one of its own stage; `[]` takes an inherited one away."),
          yes(
              EXPOSE,
              "",
              "Ranges; `tcp`, `udp` and `sctp` in any case. What is before a colon has no effect, with a warning."),
          yes(VOLUME, "", "Both forms. Later changes below it are kept."),
          yes(STOPSIGNAL, "", "A name, with or without `SIG`, or a number from 1 to 64."),
          yes(
              SHELL,
              "",
              "JSON form only. It holds for the shell forms after it, and is inherited."),
          yes(HEALTHCHECK, "", "Both forms, and `NONE`."),
          yes(
              HEALTHCHECK,
              "interval",
              "A duration as in `1m30s`: at least 1ms, or 0 for the default."),
          yes(HEALTHCHECK, "timeout", "As `--interval`."),
          yes(HEALTHCHECK, "start-period", "As `--interval`."),
          yes(HEALTHCHECK, "start-interval", "As `--interval`."),
          yes(HEALTHCHECK, "retries", "A number from 0, which is the default."),
          yes(
              ONBUILD,
              "",
              "Every instruction but FROM, MAINTAINER and ONBUILD; with heredocs. Triggers run right after FROM, and their `COPY --from` may name stages of the Dockerfile at hand."),
          yes(MAINTAINER, "", "Deprecated; it is the image's author."));

  private LanguageRows() {}

  private static Row yes(Keyword keyword, String flag, String note) {
    return new Row(keyword, flag, "yes", note);
  }

  private static Row no(Keyword keyword, String flag, String note) {
    return new Row(keyword, flag, "no", note);
  }
}
