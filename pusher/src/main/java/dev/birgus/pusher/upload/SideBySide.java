package dev.birgus.pusher.upload;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Runs tasks side by side, each on a virtual thread; the first that fails ends them all. */
public final class SideBySide {

  private SideBySide() {}

  /** A piece of blocking work that ends soon after it is interrupted. */
  @FunctionalInterface
  public interface Task {
    /** Does the work. */
    void run() throws IOException, InterruptedException;
  }

  /**
   * Runs the tasks and returns when none is running any more. If one fails, or the caller is
   * interrupted, the others are interrupted and those that have not begun are not begun.
   *
   * @param atOnce how many run at a time, at least 1
   * @throws IOException or any unchecked exception: the first a task threw
   */
  public static void run(int atOnce, List<? extends Task> tasks)
      throws IOException, InterruptedException {
    var slots = new Semaphore(atOnce);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ExecutorCompletionService<Void>(threads);
      for (var task : tasks) {
        running.submit(() -> {
          slots.acquire();
          try {
            task.run();
          } finally {
            slots.release();
          }
          return null;
        });
      }
      try {
        for (var ended = 0; ended < tasks.size(); ended++) {
          running.take().get();
        }
      } catch (ExecutionException failed) {
        throw rethrow(requireNonNull(failed.getCause()));
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private static RuntimeException rethrow(Throwable cause)
      throws IOException, InterruptedException {
    return switch (cause) {
      case IOException broken -> throw broken;
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException(cause);
    };
  }
}
