package dev.birgus.executor.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what a command prints, as it comes and without keeping it. Calls for the two streams
 * never overlap.
 */
final class OutputPump {

  private static final int CHUNK = 64 * 1024;
  private static final int LONGEST_COMPLAINT = 8 * 1024;

  private final BiConsumer<Boolean, byte[]> output;
  private final ReentrantLock turn = new ReentrantLock();
  private volatile @Nullable Throwable failure;
  private volatile boolean ready;
  private volatile String complaint = "";

  OutputPump(BiConsumer<Boolean, byte[]> output) {
    this.output = output;
  }

  /** Reads standard error to its end on a thread of its own. */
  Thread errors(InputStream stream) {
    return start("birgus-stderr", stream, true);
  }

  /** Reads standard output, of which the first lines are the launch script's. */
  Thread output(InputStream stream) {
    return start("birgus-stdout", stream, false);
  }

  /** Whether the launch script got as far as the command. */
  boolean isReady() {
    return ready;
  }

  /** What the launch script printed if it did not. */
  String complaint() {
    return complaint;
  }

  /** Throws what the receiver of the output threw. */
  void check() {
    switch (failure) {
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      case null, default -> {}
    }
  }

  private Thread start(String name, InputStream stream, boolean error) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(() -> {
          try (stream) {
            if (!error && !skipPreparation(stream)) {
              return;
            }
            pump(stream, error);
          } catch (IOException closed) {
            // The process was killed and its pipes closed: there is nothing more to read.
          }
        });
  }

  private void pump(InputStream stream, boolean error) throws IOException {
    var buffer = new byte[CHUNK];
    while (true) {
      var read = stream.read(buffer);
      if (read < 0) {
        return;
      }
      deliver(error, Arrays.copyOf(buffer, read));
    }
  }

  /** Once the receiver has failed the rest is still read, so that the command does not hang. */
  private void deliver(boolean error, byte[] bytes) {
    turn.lock();
    try {
      if (failure == null) {
        output.accept(error, bytes);
      }
    } catch (RuntimeException | Error thrown) {
      failure = thrown;
    } finally {
      turn.unlock();
    }
  }

  private boolean skipPreparation(InputStream stream) throws IOException {
    var printed = new StringBuilder();
    var line = new StringBuilder();
    for (var read = stream.read(); read >= 0; read = stream.read()) {
      line.append((char) read);
      if (read != '\n') {
        continue;
      }
      if (line.toString().equals(LaunchScript.READY)) {
        ready = true;
        return true;
      }
      if (printed.length() < LONGEST_COMPLAINT) {
        printed.append(line);
      }
      line.setLength(0);
    }
    var bytes = printed.append(line).toString().getBytes(StandardCharsets.ISO_8859_1);
    complaint = new String(bytes, StandardCharsets.UTF_8).strip();
    return false;
  }
}
