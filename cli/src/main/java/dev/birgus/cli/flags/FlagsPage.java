package dev.birgus.cli.flags;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The page of the documentation that lists every flag and variable, made from the tables. */
public final class FlagsPage {

  private FlagsPage() {}

  /** The page, in Markdown. */
  public static String markdown() {
    var page = new StringBuilder();
    page.append(
        """
        # Flags and environment variables

        <!-- Made from the tables in the module cli. A test compares them and says how to make it anew. -->

        birgus takes every flag of kaniko's executor, and those of its forks. The column *Works* says what becomes
        of a flag that is given:

        - **yes**: it does what it says.
        - **no effect**: it is taken and changes nothing, because the result is what was asked for without it.
        - **not yet**: every value but the default is refused by name, with exit code 1.

        `--flag value` and `--flag=value` are the same, as are `-f value` and `-fvalue`. A flag that is on or off
        (bool) takes a value only after an equals sign: `--no-push=false`. Repeatable flags are given once for each
        value; a comma does not separate values. `--` ends the flags. The first word may be the program's own
        name or path (`/kaniko/executor /kaniko/executor --no-push …`), as some job runners have it; any other word
        that is not a command is refused. An error in the command line is one line that begins with `Error:`, with
        a hint where there is one, and exit code 1; the help text is not printed.

        """);
    for (var group : FlagGroup.values()) {
      group(page, group);
    }
    variables(page);
    page.append(
        """
        ## Exit codes

        | Code | Meaning |
        |---|---|
        | 0 | The image was built, and is everywhere it should be; a check found nothing; a plan was printed. |
        | the command's own | A RUN failed. |
        | 1 | Anything else failed, or a check found something. |
        | 130, 143 | Ended by Ctrl-C or SIGTERM, after cleaning up. |
        """);
    return page.toString();
  }

  private static void group(StringBuilder page, FlagGroup group) {
    page.append("## ").append(group.title()).append("\n\n");
    page.append("| Flag | Value | Default | Works | What it does |\n|---|---|---|---|---|\n");
    for (var flag : FlagTable.all()) {
      if (flag.group() == group) {
        row(page, flag);
      }
    }
    page.append('\n');
  }

  private static void row(StringBuilder page, Flag flag) {
    page.append("| `--").append(flag.name()).append('`');
    flag.shorthand().ifPresent(letter -> page.append(", `-").append(letter).append('`'));
    for (var spelling : flag.spellings()) {
      page.append(", ").append(spelling.deprecated() ? "formerly " : "");
      page.append("`--").append(spelling.name()).append('`');
    }
    page.append(" | ").append(value(flag));
    page.append(" | ").append(flag.defaultValue().isEmpty() ? "" : code(flag.defaultValue()));
    page.append(" | ").append(flag.support().words());
    page.append(" | ").append(flag.help()).append(". ").append(sentence(flag));
    if (flag.origin() != Origin.KANIKO) {
      page.append(" *(").append(flag.origin().words()).append(")*");
    }
    if (!flag.environment().isEmpty()) {
      page.append(" Variable: ").append(code(flag.environment())).append('.');
    }
    page.append(" |\n");
  }

  private static String sentence(Flag flag) {
    return flag.support() == Support.NOT_YET
        ? Character.toUpperCase(flag.note().charAt(0)) + flag.note().substring(1)
        : flag.note();
  }

  private static String value(Flag flag) {
    return flag.type() == FlagType.CHOICE
        ? flag.choices().stream().map(FlagsPage::code).collect(Collectors.joining(", "))
        : flag.type().words();
  }

  private static void variables(StringBuilder page) {
    page.append("## Environment variables\n\n| Variable | Works | What it does |\n|---|---|---|\n");
    for (var variable : VariableTable.all()) {
      var names =
          Arrays.stream(variable.name().split(", "))
              .map(FlagsPage::code)
              .collect(Collectors.joining(", "));
      page.append("| ").append(names);
      page.append(" | ").append(variable.support().words());
      page.append(" | ").append(variable.effect()).append(" |\n");
    }
    page.append('\n');
  }

  private static String code(String text) {
    return "`" + text + "`";
  }
}
