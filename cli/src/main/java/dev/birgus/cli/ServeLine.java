package dev.birgus.cli;

import dev.birgus.cli.configuration.ConfigurationPage;
import dev.birgus.cli.configuration.MachineFacts;
import dev.birgus.cli.configuration.ServeArguments;
import dev.birgus.cli.configuration.SettingsReader;
import dev.birgus.cli.flags.Command;
import dev.birgus.cli.progress.Screen;
import dev.birgus.cli.serve.ServeProcess;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.observe.libraries.LibraryLogs;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code birgus serve}, whose flags are settings of their own. Nothing of a server is
 * loaded before it runs.
 */
final class ServeLine {

  /** Where Kafka's clients may have tokens of OAuth from. */
  private static final String ALLOWED = "org.apache.kafka.sasl.oauthbearer.allowed.urls";

  private static final List<String> TOKEN_ADDRESSES =
      List.of("sasl.oauthbearer.token.endpoint.url", "sasl.oauthbearer.jwks.endpoint.url");

  private final List<String> words;
  private volatile @Nullable ServeProcess process;
  private volatile boolean ended;

  private ServeLine(List<String> words) {
    this.words = words;
  }

  /** The call, if that is what the arguments ask for. */
  static Optional<ServeLine> of(List<String> arguments, String program) {
    var first = 0;
    if (!arguments.isEmpty() && Command.isProgram(arguments.getFirst(), program)) {
      first = 1;
    }
    return arguments.size() > first && arguments.get(first).equals(Command.SERVE.word())
        ? Optional.of(new ServeLine(arguments.subList(first + 1, arguments.size())))
        : Optional.empty();
  }

  /** Serves until the process is told to end; the exit code. */
  int run(Surroundings surroundings, Screen screen, InstantSource clock) {
    var machine = surroundings.machine();
    var arguments = ServeArguments.read(words);
    if (arguments.help()) {
      screen.out(ConfigurationPage.help());
      return 0;
    }
    var said = arguments.configuration(machine.environment(), machine.workingDirectory());
    var settings =
        SettingsReader.read(
            said,
            new MachineFacts(
                machine.environment(),
                machine.workingDirectory(),
                machine.platform(),
                hostName(),
                surroundings.stateDirectory(),
                Runtime.getRuntime().availableProcessors(),
                memory()));
    if (arguments.print()) {
      screen.out(said.print());
      return 0;
    }
    TOKEN_ADDRESSES.forEach(name -> allow(settings.bus().client().get(name)));
    System.setProperty(LibraryLogs.PROPERTY, LibraryLogs.class.getName());
    // It would tell of the provider itself.
    System.setProperty("slf4j.internal.verbosity", "WARN");
    try {
      var server = new ServeProcess(settings, machine, screen, clock);
      process = server;
      if (ended) {
        return 0;
      }
      return server.run();
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      return 1;
    } catch (NoClassDefFoundError missing) {
      if (process != null && process.hasStarted()) {
        throw missing;
      }
      throw Failure.of(
              "not-a-server",
              "the classes of a server are not there: " + missing.getMessage(),
              "Start it by the program birgus, which adds them.")
          .toException(missing);
    }
  }

  /**
   * Kafka's clients ask no address for tokens that the process does not allow beside naming it; who
   * has written the settings has allowed it.
   */
  private static void allow(@Nullable String address) {
    if (address != null) {
      var known = System.getProperty(ALLOWED, "");
      System.setProperty(ALLOWED, known.isEmpty() ? address : known + "," + address);
    }
  }

  /** Tells it to end, and returns when it has. */
  void end() {
    ended = true;
    var server = process;
    if (server != null) {
      server.end();
    }
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
    } catch (UnknownHostException nameless) {
      return "node";
    }
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : Long.MAX_VALUE;
  }
}
