package dev.birgus.load.pipeline;

import dev.birgus.cli.configuration.MachineFacts;
import dev.birgus.cli.configuration.ServeArguments;
import dev.birgus.cli.configuration.ServeSettings;
import dev.birgus.cli.configuration.SettingsReader;
import dev.birgus.cli.local.Machine;
import dev.birgus.cli.serve.Server;
import dev.birgus.infra.bus.InMemoryEventBus;
import dev.birgus.infra.doors.DoorSettings;
import dev.birgus.infra.doors.Health;
import dev.birgus.infra.doors.HttpDoors;
import dev.birgus.infra.doors.PrometheusMetrics;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Platform;
import dev.birgus.ingest.api.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A server with all its services, whose bus is the one of the command line: in memory. */
public final class ServerInMemory {

  private ServerInMemory() {}

  /**
   * Serves until the process is told to end.
   *
   * @param arguments those of {@code birgus}: {@code serve} and its flags
   */
  public static void main(String[] arguments) throws Exception {
    var words = List.of(arguments).subList(1, arguments.length);
    var platform = Platform.of("linux", "amd64");
    var folder = Path.of("").toAbsolutePath();
    var environment = System.getenv();
    var said = ServeArguments.read(words).configuration(environment, folder);
    var facts =
        new MachineFacts(
            environment,
            folder,
            platform,
            "localhost",
            folder.toString(),
            Runtime.getRuntime().availableProcessors(),
            Runtime.getRuntime().maxMemory() * 8);
    var settings = SettingsReader.read(said, facts);
    var machine =
        new Machine(environment, folder, platform, ProcessHandle.current().pid(), "bench", false);
    var journal = Journal.silent();
    var health = new Health();
    var doors = new HttpDoors(journal);
    var metrics = new PrometheusMetrics();
    var server =
        new Server(
            settings,
            machine,
            Tokens.parse(Files.readString(settings.api().tokens().orElseThrow()), "tokens"),
            new Server.Observation(metrics, health, doors, journal));
    var bus = InMemoryEventBus.reportingTo(journal);
    server.start(bus);
    open(doors, settings, server, health);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              server.close();
              bus.close();
              doors.close();
              metrics.close();
            }));
    new CountDownLatch(1).await();
  }

  private static void open(HttpDoors doors, ServeSettings settings, Server server, Health health) {
    var api = settings.api().listen();
    var _ = doors.open("api", new DoorSettings(api.host(), api.port()), server.routes());
    var at = settings.health();
    var _ = doors.open("health", new DoorSettings(at.host(), at.port()), health.routes());
  }
}
