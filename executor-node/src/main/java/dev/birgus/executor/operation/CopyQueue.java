package dev.birgus.executor.operation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Copies waiting to be made, a bounded number at a time. Many small files are made by a few threads
 * at once; platform threads, since a system call holds a virtual thread's carrier.
 */
final class CopyQueue implements AutoCloseable {

  private static final int LONGEST = 1_024;
  private static final int WORTH_THREADS = 32;
  private static final int THREADS = 4;
  private static final ThreadFactory NAMED = Thread.ofPlatform().name("birgus-copy-", 0).factory();

  private final List<Copying> waiting = new ArrayList<>();
  private final List<Copying> late = new ArrayList<>();
  private final Set<String> paths = new HashSet<>();

  /** Makes one file. */
  interface Copying {
    void run() throws IOException;
  }

  /** Takes a copy on. It is made at some time before {@link #finish} returns. */
  void add(String path, Copying copying) throws IOException, InterruptedException {
    paths.add(path);
    waiting.add(copying);
    if (waiting.size() >= LONGEST) {
      makeWaiting();
    }
  }

  /** Takes on what needs copies added before. */
  void afterwards(String path, Copying copying) {
    paths.add(path);
    late.add(copying);
  }

  /** Whether a file of this path may not be made yet. */
  boolean holds(String path) {
    return paths.contains(path);
  }

  /** Makes all that is waiting. */
  void finish() throws IOException, InterruptedException {
    makeWaiting();
    for (var each : late) {
      each.run();
    }
    late.clear();
    paths.clear();
  }

  /** Forgets what is still waiting. */
  @Override
  public void close() {
    waiting.clear();
    late.clear();
  }

  private void makeWaiting() throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("cancelled while copying");
    }
    if (waiting.size() < WORTH_THREADS) {
      for (var each : waiting) {
        each.run();
      }
    } else {
      makeTogether();
    }
    waiting.clear();
    if (late.isEmpty()) {
      paths.clear();
    }
  }

  private void makeTogether() throws IOException, InterruptedException {
    var next = new AtomicInteger();
    var failure = new AtomicReference<@Nullable Throwable>();
    // Closing waits, interrupted or not: the root may only be removed when nobody writes to it.
    try (var threads = Executors.newFixedThreadPool(THREADS, NAMED)) {
      for (var i = 0; i < THREADS; i++) {
        threads.execute(() -> work(next, failure));
      }
    }
    if (Thread.interrupted()) {
      throw new InterruptedException("cancelled while copying");
    }
    switch (failure.get()) {
      case IOException exception -> throw exception;
      case RuntimeException exception -> throw exception;
      case Error error -> throw error;
      case null, default -> {}
    }
  }

  private void work(AtomicInteger next, AtomicReference<@Nullable Throwable> failure) {
    try {
      for (var i = next.getAndIncrement(); i < waiting.size(); i = next.getAndIncrement()) {
        if (Thread.currentThread().isInterrupted()) {
          return;
        }
        waiting.get(i).run();
      }
    } catch (IOException | RuntimeException | Error thrown) {
      failure.compareAndSet(null, thrown);
      next.set(waiting.size());
    }
  }
}
