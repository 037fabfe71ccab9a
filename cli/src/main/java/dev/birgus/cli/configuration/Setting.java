package dev.birgus.cli.configuration;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;

/**
 * One setting of a server. Its variable and its flag follow from its name: {@code kafka.prefix} is
 * {@code BIRGUS_KAFKA_PREFIX} and {@code --kafka-prefix}.
 *
 * @param key its name in a file
 * @param kind what its value looks like
 * @param usual its value when nobody says anything, as it would be written
 * @param group the heading it is under
 * @param help one sentence without a full stop
 * @param note what else there is to know; may be empty
 * @param choices the words it may be; only for a choice
 */
public record Setting(
    String key,
    Kind kind,
    String usual,
    Group group,
    String help,
    String note,
    List<String> choices) {

  /** What a value looks like. */
  public enum Kind {
    TEXT("text"),
    /** With commas between. */
    LIST("list, with commas"),
    NUMBER("number"),
    /** In Go's notation, {@code 1h30m}. */
    DURATION("time, as 30s or 24h"),
    /** {@code 10GB}, {@code 500MiB}. */
    SIZE("size, as 10GB"),
    /** {@code HOST:PORT}. */
    ADDRESS("HOST:PORT"),
    PATH("path"),
    CHOICE("one of");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  /** The headings, in their order. */
  public enum Group {
    PROCESS("The process"),
    STATE("Where things are kept"),
    KAFKA("Kafka"),
    BROKER("The broker of our own, without `kafka`"),
    NODE("The executor node"),
    PUSHER("The pusher"),
    API("The API"),
    HEALTH("Health and metrics"),
    BUILDS("What builds may have"),
    REGISTRY("Talking to registries");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    /** The heading. */
    public String title() {
      return title;
    }
  }

  public Setting {
    requireNonNull(key, "key");
    requireNonNull(kind, "kind");
    requireNonNull(usual, "usual");
    requireNonNull(group, "group");
    requireNonNull(help, "help");
    requireNonNull(note, "note");
    choices = List.copyOf(choices);
    if (!key.matches("[a-z][a-z-]*(\\.[a-z][a-z-]*)*")) {
      throw new IllegalArgumentException("no name of a setting: " + key);
    }
    if ((kind == Kind.CHOICE) == choices.isEmpty()) {
      throw new IllegalArgumentException(key + ": choices belong to a choice");
    }
  }

  /** The variable that sets it too. */
  public String variable() {
    return "BIRGUS_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The flag that sets it too, without dashes. */
  public String flag() {
    return key.replace('.', '-');
  }
}
