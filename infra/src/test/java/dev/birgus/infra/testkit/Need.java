package dev.birgus.infra.testkit;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Programs tests cannot do without. */
public final class Need {

  private static final String SWITCH = "birgus.tools";

  private Need() {}

  /**
   * Skips the test by name where something is not installed, and fails it where everything has to
   * be: with the system property {@code birgus.tools=required}, as {@code make test} has it.
   */
  public static void installed(boolean isThere, String name) {
    need(isThere, name, "required".equals(System.getProperty(SWITCH)));
  }

  static void need(boolean isThere, String name, boolean required) {
    var message = "needs " + name + ", which is not installed";
    if (!isThere && required) {
      fail(message);
    }
    assumeTrue(isThere, message);
  }
}
