package dev.birgus.infra.doors;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.SocketException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The doors of a process: they share the few threads that wait for connections. */
public final class HttpDoors implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  private final Vertx vertx;
  private final Journal journal;

  /** No door yet. */
  public HttpDoors(Journal journal) {
    this.journal = requireNonNull(journal, "journal");
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(2)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
  }

  /**
   * Opens a door.
   *
   * @param name for messages
   * @return the port it listens on
   * @throws FailureException {@code door-closed} if it cannot be opened, {@code
   *     certificate-invalid} if its certificate and key cannot be used
   */
  public int open(String name, DoorSettings settings, Routes routes) {
    var verticle = new DoorVerticle(settings, routes, journal);
    try {
      await(vertx.deployVerticle(verticle));
      var port = verticle.port();
      journal.log(
          Journal.Level.INFO,
          "a door is open",
          Map.of(
              "door",
              name,
              LogKeys.URL,
              (settings.tls().isPresent() ? "https://" : "http://")
                  + settings.host()
                  + ":"
                  + port));
      return port;
    } catch (ExecutionException | TimeoutException failed) {
      var cause = failed.getCause() == null ? failed : failed.getCause();
      throw failure(name, settings, cause).toException(cause);
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw Failure.of("cancelled", "cancelled while a door was opened", "").toException(cancelled);
    }
  }

  private static Failure failure(String name, DoorSettings settings, Throwable cause) {
    if (settings.tls().isPresent() && !(cause instanceof SocketException)) {
      var pair = settings.tls().get();
      return Failure.of(
          "certificate-invalid",
          "cannot use the certificate "
              + pair.chain()
              + " with the key "
              + pair.key()
              + " ("
              + name
              + "): "
              + cause.getMessage(),
          "Name files in PEM form that can be read: the certificate with what leads to its"
              + " authority, and its key without a password.");
    }
    return Failure.of(
        "door-closed",
        "cannot listen on "
            + settings.host()
            + ":"
            + settings.port()
            + " ("
            + name
            + "): "
            + cause.getMessage(),
        "Choose another address, or end what has this one.");
  }

  private static void await(Future<?> done)
      throws ExecutionException, TimeoutException, InterruptedException {
    done.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Closes all doors; who is being answered is interrupted. */
  @Override
  public void close() {
    try {
      await(vertx.close());
    } catch (ExecutionException | TimeoutException failed) {
      journal.log(
          Journal.Level.WARN,
          "the doors could not be closed",
          Map.of(LogKeys.ERROR, String.valueOf(failed)));
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
    }
  }
}
