package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.RunMount;
import dev.birgus.infra.contracts.RunMount.Sharing;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.instruct.MountFlag;
import dev.birgus.planner.instruct.Suggestion;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The options of one {@code --mount}, expanded and checked; what is not given is "". */
final class MountOptions {

  private static final long LARGEST_ID = 0xFFFF_FFFEL;
  private static final Set<Type> HAVE_ACCESS = EnumSet.of(Type.CACHE, Type.SECRET, Type.SSH);

  private final Expansion expansion;
  private final MountFlag flag;
  private Type type = Type.BIND;
  private String from = "";
  private String source = "";
  private String target = "";
  private String id = "";
  private Optional<Boolean> writable = Optional.empty();
  private boolean required;
  private Optional<Sharing> sharing = Optional.empty();
  private Optional<String> environment = Optional.empty();
  private Optional<Integer> mode = Optional.empty();
  private OptionalLong uid = OptionalLong.empty();
  private OptionalLong gid = OptionalLong.empty();
  private OptionalLong size = OptionalLong.empty();

  /** What is mounted. */
  enum Type {
    BIND,
    CACHE,
    TMPFS,
    SECRET,
    SSH;

    /** As in a Dockerfile. */
    String written() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private MountOptions(Expansion expansion, MountFlag flag) {
    this.expansion = expansion;
    this.flag = flag;
  }

  /**
   * The options of a flag. An option that depends on the type comes after it, as with BuildKit.
   *
   * @throws FailureException {@code invalid-mount}
   */
  static MountOptions of(MountFlag flag, Expansion expansion) {
    var options = new MountOptions(expansion, flag);
    flag.fields().forEach(options::set);
    options.check();
    return options;
  }

  private void set(MountFlag.Field field) {
    var given = field.value().map(expansion::word);
    var value = given.orElse("");
    switch (field.key()) {
      case "type" -> type = type(value);
      case "from" -> from = field.value().orElse("");
      case "source", "src" -> source = value;
      case "target", "dst", "destination" -> target = value;
      case "readonly", "ro" -> writable = Optional.of(!bool(field, given));
      case "readwrite", "rw" -> writable = Optional.of(bool(field, given));
      case "required" -> {
        requireType(field, Set.of(Type.SECRET, Type.SSH));
        required = bool(field, given);
      }
      case "size" -> {
        requireType(field, Set.of(Type.TMPFS));
        size = size(field, value);
      }
      case "id" -> id = value;
      case "sharing" -> sharing = Optional.of(sharing(value));
      case "mode" -> mode = Optional.of((int) number(field, value, 8, 07777));
      case "uid" -> uid = OptionalLong.of(number(field, value, 10, LARGEST_ID));
      case "gid" -> gid = OptionalLong.of(number(field, value, 10, LARGEST_ID));
      case "env" -> environment = Optional.of(environment(value));
      default -> throw new IllegalArgumentException("an unknown option: " + field);
    }
  }

  private void check() {
    if (!HAVE_ACCESS.contains(type) && (mode.isPresent() || uid.isPresent() || gid.isPresent())) {
      throw invalid(
          "--mount=type=" + type.written() + " has no mode, uid or gid",
          "they belong to cache, secret and ssh");
    }
    if (sharing.isPresent() && type != Type.CACHE) {
      throw invalid(
          "--mount=type=" + type.written() + " has no sharing", "it belongs to type=cache");
    }
    if (environment.isPresent() && type != Type.SECRET) {
      throw invalid("--mount=type=" + type.written() + " has no env", "it belongs to type=secret");
    }
  }

  private Type type(String value) {
    for (var each : Type.values()) {
      if (each.written().equals(value.toLowerCase(Locale.ROOT))) {
        return each;
      }
    }
    var types = Arrays.stream(Type.values()).map(Type::written).toList();
    throw invalid("--mount: there is no type " + value, nearest(value, types));
  }

  private Sharing sharing(String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "shared" -> Sharing.SHARED;
      case "private" -> Sharing.PRIVATE;
      case "locked" -> Sharing.LOCKED;
      default ->
          throw invalid(
              "--mount: sharing cannot be " + value,
              nearest(value, List.of("shared", "private", "locked")));
    };
  }

  private static String nearest(String value, List<String> names) {
    return Suggestion.orElse(value, names, "it is one of " + String.join(", ", names));
  }

  private boolean bool(MountFlag.Field field, Optional<String> value) {
    return switch (value.orElse("true")) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw wrong(field, "write true or false");
    };
  }

  private long number(MountFlag.Field field, String value, int radix, long most) {
    try {
      var number = value.startsWith("+") ? -1 : Long.parseLong(value, radix);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw wrong(
        field, radix == 8 ? "write octal digits, such as 0755" : "write a number from 0 on");
  }

  /** A number with or without a unit, each 1024 times the one before. */
  private OptionalLong size(MountFlag.Field field, String value) {
    var text = value.toLowerCase(Locale.ROOT);
    var end = text.length();
    while (end > 0 && !Character.isDigit(text.charAt(end - 1))) {
      end--;
    }
    var power = power(text.substring(end).strip());
    var digits = text.substring(0, end);
    if (power < 0 || !digits.matches("[0-9]{1,12}(\\.[0-9]{1,6})?")) {
      throw wrong(field, "write bytes, or a number with k, m, g or t, such as 64m");
    }
    var bytes = (long) (Double.parseDouble(digits) * (1L << (10 * power)));
    return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
  }

  private static int power(String unit) {
    return switch (unit) {
      case "", "b" -> 0;
      case "k", "kb", "kib" -> 1;
      case "m", "mb", "mib" -> 2;
      case "g", "gb", "gib" -> 3;
      case "t", "tb", "tib" -> 4;
      default -> -1;
    };
  }

  private String environment(String name) {
    if (name.isEmpty() || name.indexOf('=') >= 0) {
      throw invalid("--mount: env=" + name + " is no name of a variable", "write env=NAME");
    }
    if (name.startsWith("LD_")
        || name.startsWith("MALLOC_")
        || List.of("GLIBC_TUNABLES", "GCONV_PATH", "LOCPATH").contains(name)) {
      throw invalid(
          "--mount: a secret cannot be in " + name + ", which the dynamic linker acts upon",
          "use another name, and set the variable in the command");
    }
    return name;
  }

  private void requireType(MountFlag.Field field, Set<Type> types) {
    if (!types.contains(type)) {
      var names = types.stream().sorted().map(Type::written).toList();
      throw invalid(
          "--mount=type=" + type.written() + " has no " + field.key(),
          "it belongs to type=" + String.join(" and type=", names) + ", and comes after the type");
    }
  }

  private FailureException wrong(MountFlag.Field field, String advice) {
    return invalid("--mount: " + field + " has a wrong value", advice);
  }

  private FailureException invalid(String message, String advice) {
    return Refusals.invalid("invalid-mount", message, advice, place()).toException();
  }

  /** The place of the flag. */
  SourceLocation place() {
    return expansion.source().placeOf(flag.written());
  }

  Type type() {
    return type;
  }

  String from() {
    return type == Type.TMPFS ? "" : from;
  }

  String source() {
    return source;
  }

  String target() {
    return target;
  }

  String id() {
    return id;
  }

  /** Caches and memory can be written to unless they say otherwise, and nothing else can. */
  boolean writable() {
    return writable.orElse(type == Type.CACHE || type == Type.TMPFS);
  }

  boolean required() {
    return required;
  }

  Sharing sharing() {
    return sharing.orElse(Sharing.SHARED);
  }

  Optional<String> environment() {
    return environment;
  }

  OptionalLong size() {
    return size;
  }

  RunMount.Access access() {
    return new RunMount.Access(uid, gid, mode);
  }
}
