package dev.birgus.executor.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** A process with little memory that notes the times of more directories than fit into it. */
final class ManyDirectories {

  private static final int COUNT = 150_000;

  private ManyDirectories() {}

  public static void main(String[] arguments) throws IOException {
    var long400 = "/" + "d".repeat(400);
    try (var times = DirectoryTimes.beside(Path.of(arguments[0], "root"))) {
      for (var i = 0; i < COUNT; i++) {
        times.add(long400 + i, i);
      }
      var next = new AtomicLong();
      times.forEach((path, time) -> {
        if (time != next.getAndIncrement() || !path.equals(long400 + time)) {
          throw new IllegalStateException(path);
        }
      });
      System.out.print(next.get() == COUNT ? "right" : "only " + next);
    }
  }
}
