package dev.birgus.planner.instruct;

import java.util.List;

/** The page of the documentation about the Dockerfile language, made from a table of rows. */
final class LanguagePage {

  private static final String HEAD =
      """
      # Dockerfile

      <!-- Made from a table in the module planner. A test compares it with the parser and says how to make it anew. -->

      birgus reads the language of `docker/dockerfile` 1.26 as BuildKit does. This page lists every instruction with
      every option, and says where behaviour is worth knowing. What does not work is refused with the file, the line
      and the column; nothing is passed over in silence. Mistakes that do not depend on each other are told together.

      ## Parser directives

      | Directive | Works | Note |
      |---|---|---|
      | `# syntax=` | accepted | The frontend is not fetched. `docker/dockerfile` (any tag, also `-upstream`) is what birgus reads anyway; any other gives the note `SyntaxFrontendIgnored`. |
      | `# escape=` | yes | Backslash or backtick. It continues lines and escapes in words; in flags the backslash escapes in any case. |
      | `# check=` | yes | `skip=NAME,…`, `skip=all`, `error=true`, parted by semicolons. |

      Directives stand at the very top; the first line that is none ends them. One that is repeated is an error.

      ## Lines

      - A byte order mark, carriage returns before line feeds, and blanks before an instruction do not count.
      - Comments and blank lines inside a continued instruction are left out; a blank line there is warned of.
      - A doubled escape at the end of a line does not continue it.
      - JSON form: what is a JSON array of strings. An array with anything else in it is an error; what is no JSON array
        is the shell form, with a warning where it looks like JSON.
      - Heredocs belong to RUN, COPY, ADD, and ONBUILD of these: several in one instruction, `<<-` without leading tabs,
        a quoted name for a body without variables. A RUN that is one heredoc runs its lines in the shell, or by the
        interpreter its first line names (`#!`). A heredoc that never ends is an error.

      ## Variables

      | Written | Gives |
      |---|---|
      | `$name` `${name}` | the value, or nothing |
      | `${name:-word}` `${name-word}` | the value, or the word if it is unset or empty (unset) |
      | `${name:+word}` `${name+word}` | the word if it is set and not empty (set), or nothing |
      | `${name:?word}` `${name?word}` | the value, or an error with the word if it is unset or empty (unset) |
      | `${name#pattern}` `${name##pattern}` | the value without the shortest (longest) beginning that matches |
      | `${name%pattern}` `${name%%pattern}` | the value without the shortest (longest) end that matches |
      | `${name/pattern/word}` `${name//pattern/word}` | the value with the first match (all matches) replaced |

      A pattern knows `*`, `?` and the backslash. Single quotes keep everything; double quotes keep all but variables
      and escapes. A variable has one value in a whole ENV or LABEL: `ENV a=1 b=$a` takes the `a` from before. In ARG
      a name may use those left of it. Variables are replaced in ADD, COPY (not in `--from`), ENV, EXPOSE, FROM, LABEL,
      STOPSIGNAL, USER, VOLUME, WORKDIR, defaults of ARG, `RUN --mount` and unquoted heredocs of COPY and ADD; never in
      RUN, CMD, ENTRYPOINT, HEALTHCHECK, SHELL and MAINTAINER.

      - The later of ARG and ENV wins; only ENV reaches the image. A stage built on another inherits both.
      - An ARG before the first FROM is for FROM; a stage sees it after an ARG of the same name without a default.
      - `BUILDPLATFORM BUILDOS BUILDOSVERSION BUILDARCH BUILDVARIANT TARGETPLATFORM TARGETOS TARGETOSVERSION TARGETARCH
        TARGETVARIANT TARGETSTAGE` exist for FROM, and in a stage after `ARG name`.
      - `HTTP_PROXY HTTPS_PROXY FTP_PROXY NO_PROXY ALL_PROXY`, in either case, need no ARG. RUN sees them; the history
        and a stage's identity do not.
      - `SOURCE_DATE_EPOCH`, as build argument, environment variable or ARG before the first FROM, is the time of all
        that is new. `context` is accepted and gives no time; the time of a stage cannot be taken.
      - `BUILDKIT_*` need no ARG. `BUILDKIT_DOCKERFILE_CHECK` is as `# check=`. Those that configure BuildKit itself have
        no effect; where that would be missed in the result there is a warning.

      ## Instructions

      | Instruction | Works | Note |
      |---|---|---|
      """;

  private static final String TAIL =
      """

      ## History and configuration

      Every instruction but FROM has an entry in the history, with `empty_layer` where it changed no file. `created_by`
      is as BuildKit writes it, without its name at the end: expanded words, `RUN |2 A=1 B=2 /bin/sh -c …` with the
      arguments a RUN saw, `CMD ["a" "b"]`, `EXPOSE [53/udp 80/tcp]`. ONBUILD has an entry too, which BuildKit leaves
      out. A step that changes no file makes no layer and is `empty_layer`, as in kaniko; BuildKit writes a layer with
      nothing in it ([ADR 12](adr/0012-a-step-that-changes-nothing-makes-no-layer.md)). What a base image's
      configuration has beyond the specification stays.

      ## Limits

      A Dockerfile has at most 5,000 stages, a word at most 16 Mi characters after its variables are replaced, braces at
      most 100 levels, and all variables and texts of a plan together at most about 64 Mi characters.
      It is UTF-8; only comments, before the first here-document, may be in another encoding.
      """;

  /**
   * A row of the table.
   *
   * @param flag without dashes; "" for the instruction itself
   */
  record Row(Keyword keyword, String flag, String works, String note) {}

  private LanguagePage() {}

  static List<Row> rows() {
    return LanguageRows.ALL;
  }

  /** The page, in Markdown. */
  static String markdown() {
    var page = new StringBuilder(HEAD);
    for (var row : rows()) {
      var shown =
          row.flag().isEmpty()
              ? "**" + row.keyword() + "** `" + usage(row.keyword()) + "`"
              : "`" + row.keyword() + " --" + row.flag() + "`";
      page.append("| ").append(shown.replace("|", "\\|"));
      page.append(" | ").append(row.works());
      page.append(" | ").append(row.note().replace("|", "\\|")).append(" |\n");
    }
    return page.append(TAIL).toString();
  }

  private static String usage(Keyword keyword) {
    return keyword.usage().substring(("write " + keyword.name() + " ").length());
  }
}
