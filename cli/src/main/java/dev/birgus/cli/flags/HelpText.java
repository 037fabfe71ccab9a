package dev.birgus.cli.flags;

import java.util.List;
import java.util.Locale;

/** The help text, made from the tables. */
public final class HelpText {

  private static final int COLUMN = 38;

  private HelpText() {}

  /** What {@code --help} prints. */
  public static String text() {
    var text = new StringBuilder();
    text.append("birgus builds a container image from a Dockerfile, without a daemon.\n\n");
    text.append("Usage:\n");
    text.append("  birgus [build] --destination NAME [flags]      build and push\n");
    text.append("  birgus [build] --no-push --tar-path FILE       build and write an archive\n");
    text.append("  birgus push FILE|DIR --destination NAME        push what was saved\n");
    text.append("  birgus login HOST -u USER --password-stdin     store credentials\n");
    text.append("  birgus serve                                   be a build service\n");
    text.append("  birgus submit --server URL [build flags]       build on one\n\n");
    text.append("Commands:\n");
    for (var command : Command.values()) {
      if (command.works()) {
        line(text, "  " + command.word(), command.help());
      }
    }
    for (var group : FlagGroup.values()) {
      group(text, group);
    }
    text.append("\nA flag that is on or off takes a value only after an equals sign:");
    text.append(" --no-push=false.\n");
    text.append("Environment variables and every detail: docs/flags.md.\n");
    return text.toString();
  }

  private static void group(StringBuilder text, FlagGroup group) {
    var begun = false;
    for (var flag : FlagTable.all()) {
      if (flag.group() != group || flag.hidden() || flag.support() == Support.NOT_YET) {
        continue;
      }
      if (!begun) {
        text.append('\n').append(group.title()).append(":\n");
        begun = true;
      }
      line(text, usage(flag), flag.help() + defaultOf(flag));
    }
  }

  private static String usage(Flag flag) {
    var letter = flag.shorthand().map(found -> "-" + found + ", ").orElse("    ");
    var value =
        switch (flag.type()) {
          case BOOLEAN -> "";
          case TEXT, LIST -> " " + placeholder(flag);
          case INTEGER -> " N";
          case DURATION -> " TIME";
          case PAIRS -> " KEY=VALUE";
          case CHOICE -> " " + String.join("|", shortest(flag));
        };
    return "  " + letter + "--" + flag.name() + value;
  }

  private static String placeholder(Flag flag) {
    var name = flag.name();
    var word = name.substring(name.lastIndexOf('-') + 1);
    return switch (word) {
      case "arg" -> "KEY=VALUE";
      case "path" -> name.equals("tar-path") ? "FILE" : "DIR";
      case "registry" -> "HOST";
      case "destination" -> "NAME";
      case "target", "filter" -> "STAGE";
      default -> word.toUpperCase(Locale.ROOT);
    };
  }

  /** Verbosity has more words than a help line has room for. */
  private static List<String> shortest(Flag flag) {
    return flag.name().equals("verbosity")
        ? List.of("error", "warn", "info", "debug")
        : flag.choices();
  }

  private static String defaultOf(Flag flag) {
    var value = flag.defaultValue();
    var said = flag.type() == FlagType.BOOLEAN ? value.equals("true") : !value.isEmpty();
    return said && !value.equals("-1") && !value.equals("0") ? " (" + value + ")" : "";
  }

  private static void line(StringBuilder text, String left, String right) {
    text.append(left);
    if (left.length() >= COLUMN - 1) {
      text.append('\n').append(" ".repeat(COLUMN));
    } else {
      text.append(" ".repeat(COLUMN - left.length()));
    }
    text.append(right).append('\n');
  }
}
