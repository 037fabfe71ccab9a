package dev.birgus.planner.syntax;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What {@code # check=…}, or the build argument {@code BUILDKIT_DOCKERFILE_CHECK}, says about the
 * build checks: {@code skip=NAME,NAME} or {@code skip=all}, {@code experimental=…} in the same
 * manner, and {@code error=true}, parted by semicolons.
 *
 * @param skipAll whether no check is wanted
 * @param skip names of checks that are not wanted, as written
 * @param experimentalAll whether every experimental check is wanted
 * @param experimental names of experimental checks that are wanted, as written
 * @param error whether what a check finds fails the build
 */
public record CheckDirective(
    boolean skipAll,
    Set<String> skip,
    boolean experimentalAll,
    Set<String> experimental,
    boolean error) {

  /** The name of the directive. */
  public static final String NAME = "check";

  /** What holds where nothing is said: every check that is not experimental warns. */
  public static final CheckDirective DEFAULT =
      new CheckDirective(false, Set.of(), false, Set.of(), false);

  public CheckDirective {
    skip = Set.copyOf(skip);
    experimental = Set.copyOf(experimental);
  }

  /**
   * Reads the value of a directive or build argument.
   *
   * @throws FailureException {@code invalid-directive}, without a place
   */
  public static CheckDirective parse(String value) {
    var check = DEFAULT;
    for (var option : value.split(";", -1)) {
      if (!Whitespace.strip(value).isEmpty()) {
        check = check.with(option);
      }
    }
    return check;
  }

  private CheckDirective with(String option) {
    var equals = option.indexOf('=');
    var name = Whitespace.strip(option.substring(0, equals < 0 ? option.length() : equals));
    var value = equals < 0 ? "" : Whitespace.strip(option.substring(equals + 1));
    if (equals < 0) {
      throw invalid("the option " + Excerpt.of(option) + " of check has no value");
    }
    var names = names(value);
    var all = value.equals("all");
    return switch (name) {
      case "skip" -> new CheckDirective(all, names, experimentalAll, experimental, error);
      case "experimental" -> new CheckDirective(skipAll, skip, all, names, error);
      case "error" -> new CheckDirective(skipAll, skip, experimentalAll, experimental, bool(value));
      default -> throw invalid("check has no option " + Excerpt.of(name));
    };
  }

  private static Set<String> names(String value) {
    var names = new LinkedHashSet<String>();
    if (!value.equals("all")) {
      for (var name : value.split(",", -1)) {
        names.add(Whitespace.strip(name));
      }
    }
    return names;
  }

  private static boolean bool(String value) {
    return switch (value) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw invalid("error=" + Excerpt.of(value) + " of check is neither true nor false");
    };
  }

  private static FailureException invalid(String message) {
    return Failure.of(
            "invalid-directive",
            message,
            "write # check=skip=NAME,NAME;error=true, or # check=skip=all")
        .toException();
  }
}
