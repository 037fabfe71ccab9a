package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.FlagParser.failure;

import dev.birgus.infra.contracts.FailureException;
import java.util.List;
import java.util.Optional;

/** What birgus can be told to do. */
public enum Command {
  BUILD("build", "Build an image; also what happens without a command", true),
  VERSION("version", "Print the version", true),
  HELP("help", "Show the help text", true),
  CHECK("check", "Check the Dockerfile and build nothing", true),
  PUSH("push", "Push a saved image: a docker tar or an OCI layout", true),
  LOGIN("login", "Store credentials for a registry", true),
  SUBMIT("submit", "Have a server build an image, with the flags of build", true),
  BUILDS("builds", "List the builds of a server", true),
  LOGS("logs", "Show a build of a server: logs ID [-f]", true),
  CANCEL("cancel", "End a build of a server", true),
  WARM("warm", "Fetch base images ahead of builds", false),
  SERVE("serve", "Run as a build service; see birgus serve --help", true),
  DOCTOR("doctor", "Find out what this machine allows", true),
  PRUNE("prune", "Delete what is kept from earlier builds", true),
  COMPLETION("completion", "Print completions for a shell", false);

  private final String word;
  private final String help;
  private final boolean works;

  Command(String word, String help, boolean works) {
    this.word = word;
    this.help = help;
    this.works = works;
  }

  /** How it is written. */
  public String word() {
    return word;
  }

  /** One line for people. */
  public String help() {
    return help;
  }

  /** Whether it can be used. */
  public boolean works() {
    return works;
  }

  /**
   * The command a command line asks for. A first word that is the program's own name or path is
   * passed over: that is how some job runners start a container that has both a command and
   * arguments.
   *
   * @param program how the process was started
   * @throws FailureException named {@code unknown-command} or {@code not-supported-yet}
   */
  public static Command of(ParsedLine line, String program) {
    var words = words(line, program);
    if (line.flags().on("help")) {
      return HELP;
    }
    if (words.isEmpty()) {
      return BUILD;
    }
    var command = named(words.getFirst());
    if (!command.works) {
      throw failure(
          "not-supported-yet",
          "the command \"" + command.word + "\" is not supported yet",
          "What works is listed by --help.");
    }
    var rest = words.subList(1, words.size());
    if (command == BUILD && !rest.isEmpty() && isProgram(rest.getFirst(), program)) {
      rest = rest.subList(1, rest.size());
    }
    var taken = command.takesWord() ? 1 : 0;
    if (rest.size() > taken && command != HELP) {
      throw extra(command, rest.get(taken));
    }
    return command;
  }

  /**
   * The word after a command that takes one: the registry to log in to, the image to push.
   *
   * @param program how the process was started
   */
  public static Optional<String> word(ParsedLine line, String program) {
    return words(line, program).stream().skip(1).findFirst();
  }

  private boolean takesWord() {
    return this == PUSH || this == LOGIN || this == LOGS || this == CANCEL;
  }

  private static List<String> words(ParsedLine line, String program) {
    var words = line.positionals();
    return !words.isEmpty() && isProgram(words.getFirst(), program)
        ? words.subList(1, words.size())
        : words;
  }

  /** Whether a word is the program's own name or path, which is passed over. */
  public static boolean isProgram(String word, String program) {
    return word.equals(program)
        || word.equals(program.substring(program.lastIndexOf('/') + 1))
        || word.equals("executor")
        || word.equals("birgus")
        || word.endsWith("/executor")
        || word.endsWith("/birgus");
  }

  private static Command named(String word) {
    for (var command : values()) {
      if (command.word.equals(word)) {
        return command;
      }
    }
    throw unknown(word);
  }

  private static FailureException unknown(String word) {
    return failure(
        "unknown-command", "unknown command \"" + word + "\" for \"executor\"", hint(word));
  }

  private static FailureException extra(Command command, String word) {
    var taken = command.takesWord() ? "one argument and flags" : "no arguments but flags";
    var message = "\"" + command.word + "\" takes " + taken + ", not \"" + word + "\"";
    return failure("unknown-command", message, hint(word));
  }

  private static String hint(String word) {
    if (FlagValues.parseBoolean(word).isPresent()) {
      return "A flag that is on or off needs an equals sign before its value: --no-push=" + word;
    }
    if (word.startsWith(".") || word.contains("/")) {
      return "The context is given with a flag: --context=" + word;
    }
    return "";
  }
}
