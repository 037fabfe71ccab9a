package dev.birgus.cli.flags;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One flag of the command line: all that parser, help and documentation need to know of it.
 *
 * @param name without dashes
 * @param defaultValue as it would be written on the command line; empty for none
 * @param help one sentence without a full stop
 * @param note what it sets if it is supported, why it changes nothing if it is accepted, what is
 *     missing if it is not supported yet
 * @param shorthand its single letter
 * @param spellings other names it is known by
 * @param choices the words it may be; only for {@link FlagType#CHOICE}
 * @param environment the variable that sets it too; empty for none
 * @param hidden whether the help text leaves it out
 */
public record Flag(
    String name,
    FlagType type,
    String defaultValue,
    FlagGroup group,
    String help,
    Origin origin,
    Support support,
    String note,
    Optional<Character> shorthand,
    List<Spelling> spellings,
    List<String> choices,
    String environment,
    boolean hidden) {

  public Flag {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
    requireNonNull(defaultValue, "defaultValue");
    requireNonNull(group, "group");
    requireNonNull(help, "help");
    requireNonNull(origin, "origin");
    requireNonNull(support, "support");
    requireNonNull(note, "note");
    requireNonNull(shorthand, "shorthand");
    spellings = List.copyOf(spellings);
    choices = List.copyOf(choices);
    requireNonNull(environment, "environment");
    if (help.isEmpty() || note.isEmpty()) {
      throw new IllegalArgumentException("--" + name + " must say what it does");
    }
    if ((type == FlagType.CHOICE) == choices.isEmpty()) {
      throw new IllegalArgumentException("--" + name + ": choices belong to a choice");
    }
  }

  /**
   * Another name of a flag.
   *
   * @param notice what is said when it is used; empty for a name that is as good as the first one
   */
  public record Spelling(String name, String notice) {
    public Spelling {
      requireNonNull(name, "name");
      requireNonNull(notice, "notice");
    }

    /** Whether it should not be used any more. */
    public boolean deprecated() {
      return !notice.isEmpty();
    }
  }

  /** How messages name it, as kaniko's do: {@code -f, --dockerfile}. */
  public String shown() {
    return shorthand.map(letter -> "-" + letter + ", ").orElse("") + "--" + name;
  }

  /** Begins the description of a flag of kaniko's. */
  static Draft kaniko(FlagType type, String name, String defaultValue, String help) {
    return new Draft(Origin.KANIKO, type, name, defaultValue, help);
  }

  /** Begins the description of a flag only kaniko's forks have. */
  static Draft fork(FlagType type, String name, String defaultValue, String help) {
    return new Draft(Origin.FORK, type, name, defaultValue, help);
  }

  /** Begins the description of a flag of our own. */
  static Draft own(FlagType type, String name, String defaultValue, String help) {
    return new Draft(Origin.BIRGUS, type, name, defaultValue, help);
  }

  /** A description that is still missing its group and what becomes of the flag. */
  static final class Draft {
    private final Origin origin;
    private final FlagType type;
    private final String name;
    private final String defaultValue;
    private final String help;
    private Optional<Character> shorthand = Optional.empty();
    private final List<Spelling> spellings = new ArrayList<>();
    private List<String> choices = List.of();
    private String environment = "";
    private boolean hidden;

    private Draft(Origin origin, FlagType type, String name, String defaultValue, String help) {
      this.origin = origin;
      this.type = type;
      this.name = name;
      this.defaultValue = defaultValue;
      this.help = help;
    }

    Draft letter(char letter) {
      shorthand = Optional.of(letter);
      return this;
    }

    /** An old spelling that kaniko warns of in its log. */
    Draft formerly(String old) {
      spellings.add(new Spelling(old, "Flag --" + old + " is deprecated. Use: --" + name));
      return this;
    }

    /** An old spelling that kaniko's flag library warns of. */
    Draft marked(String old) {
      spellings.add(
          new Spelling(
              old, "Flag --" + old + " has been deprecated, Please use " + name + " instead."));
      return this;
    }

    Draft also(String other) {
      spellings.add(new Spelling(other, ""));
      return this;
    }

    Draft oneOf(String... words) {
      choices = List.of(words);
      return this;
    }

    Draft variable(String variable) {
      environment = variable;
      return this;
    }

    Draft hide() {
      hidden = true;
      return this;
    }

    /** It works, and sets this part of {@link BuildCommand}. */
    Flag sets(FlagGroup group, String part) {
      return finish(group, Support.SUPPORTED, part);
    }

    /** It changes nothing, and here is why. */
    Flag accepted(FlagGroup group, String why) {
      return finish(group, Support.ACCEPTED, why);
    }

    /** It is refused, and here is what is missing. */
    Flag notYet(FlagGroup group, String missing) {
      return finish(group, Support.NOT_YET, missing);
    }

    private Flag finish(FlagGroup group, Support support, String note) {
      return new Flag(
          name,
          type,
          defaultValue,
          group,
          help,
          origin,
          support,
          note,
          shorthand,
          spellings,
          choices,
          environment,
          hidden);
    }
  }
}
