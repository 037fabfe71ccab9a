package dev.birgus.cli;

import dev.birgus.cli.local.Machine;
import dev.birgus.infra.oci.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * The program. It alone reads the environment and ends the process.
 *
 * <p>Signals come as the JVM's own shutdown: the hook ends the build and cleans up, and the JVM
 * then exits with 128 and the signal's number (130 for Ctrl-C, 143 for SIGTERM).
 */
public final class Main {

  private static final String TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";
  private static final int USUAL_COLUMNS = 100;

  /** What is added to the number of the signal that ended a process. */
  private static final int SIGNALLED = 128;

  private Main() {}

  /** Runs the command line and exits with its code. */
  public static void main(String[] arguments) {
    if (System.getProperty(Reentry.STATE) == null
        && System.getenv().getOrDefault("BIRGUS_NO_UNSHARE", "").isEmpty()) {
      var refusal = Reentry.start();
      System.setProperty(Reentry.STATE, refusal.isEmpty() ? "unneeded" : "refused");
      System.setProperty(Reentry.REASON, refusal);
    }
    System.exit(run(List.of(arguments)));
  }

  /** Runs a command line and returns its exit code. */
  static int run(List<String> arguments) {
    // The JDK does not show a password to a proxy that leads to TLS unless told to.
    System.setProperty(TUNNEL_SCHEMES, System.getProperty(TUNNEL_SCHEMES, ""));
    var environment = System.getenv();
    var command =
        new CommandLine(
            surroundings(environment),
            new StandardScreen(columns(environment)),
            InstantSource.system());
    var cleaning =
        Thread.ofPlatform()
            .unstarted(() -> {
              endAtSecondSignal();
              command.cancel("interrupted");
            });
    Runtime.getRuntime().addShutdownHook(cleaning);
    return command.run(arguments);
  }

  /**
   * While the first signal is being followed, which may take a server its time, the JVM hears no
   * other one. The class is the JDK's own way to listen to signals, and has no other name.
   */
  private static void endAtSecondSignal() {
    try {
      var signals = Class.forName("sun.misc.Signal");
      var listener = Class.forName("sun.misc.SignalHandler");
      var ends =
          Proxy.newProxyInstance(
              Main.class.getClassLoader(),
              new Class<?>[] {listener},
              (_, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  var number = signals.getMethod("getNumber").invoke(arguments[0]);
                  Runtime.getRuntime().halt(SIGNALLED + (Integer) number);
                }
                return null;
              });
      for (var name : List.of("TERM", "INT")) {
        var _ =
            signals
                .getMethod("handle", signals, listener)
                .invoke(null, signals.getConstructor(String.class).newInstance(name), ends);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException notHere) {
      // Then a second signal does nothing, as the JVM has it.
    }
  }

  private static Surroundings surroundings(Map<String, String> environment) {
    var machine =
        new Machine(
            environment,
            Path.of(System.getProperty("user.dir")).toAbsolutePath(),
            Platform.ofJvm(System.getProperty("os.name"), System.getProperty("os.arch")),
            ProcessHandle.current().pid(),
            version(),
            Boolean.getBoolean("birgus.input-terminal"));
    return new Surroundings(
        System.getProperty("birgus.program", "birgus"),
        machine,
        stateDirectory(environment),
        Boolean.getBoolean("birgus.terminal"),
        System.getProperty(Reentry.STATE, ""),
        System.getProperty(Reentry.REASON, ""),
        !System.getProperty("user.name", "").equals("root"));
  }

  /** In a user namespace of theirs everybody is called root. */
  private static String stateDirectory(Map<String, String> environment) {
    var outside = System.getProperty(Reentry.USER, "0");
    if (System.getProperty("user.name", "").equals("root") && outside.equals("0")) {
      return "/var/lib/birgus";
    }
    var state = environment.getOrDefault("XDG_STATE_HOME", "");
    // The JVM reads passwd instead of HOME, and knows no home of a user who is not in it.
    var home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return (state.isEmpty() ? home + "/.local/state" : state) + "/birgus";
  }

  private static int columns(Map<String, String> environment) {
    var text = System.getProperty("birgus.columns", environment.getOrDefault("COLUMNS", ""));
    try {
      return text.isEmpty() ? USUAL_COLUMNS : Integer.parseInt(text);
    } catch (NumberFormatException odd) {
      return USUAL_COLUMNS;
    }
  }

  private static String version() {
    try (var resource = Main.class.getResourceAsStream("version")) {
      return resource == null
          ? "unknown"
          : new String(resource.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
