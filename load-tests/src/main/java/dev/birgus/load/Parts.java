package dev.birgus.load;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Locale;

/**
 * Parts of birgus, measured from within through their public doors: what takes milliseconds would
 * not be seen beside the start of a process. Writes to the file {@code RESULT} what one round took.
 */
public final class Parts {

  private Parts() {}

  /** Something that is done again and again. */
  interface Round {
    /** Does it once. */
    void run() throws Exception;
  }

  /**
   * Runs one part.
   *
   * @param arguments file for the result, name of the part, and what it needs
   */
  public static void main(String[] arguments) throws Exception {
    var result = Path.of(arguments[0]);
    var folder = Path.of(arguments[2]).toAbsolutePath();
    switch (arguments[1]) {
      case "unpack" -> LayerParts.unpack(result, folder, Path.of(arguments[3]));
      case "ready-root" -> LayerParts.readyRoot(result, folder, Path.of(arguments[3]));
      case "diff-overlay" -> LayerParts.diffOfOverlay(result, folder, Path.of(arguments[3]));
      case "diff-scan" -> LayerParts.diffByScan(result, folder);
      case "pack" -> LayerParts.pack(result, folder, arguments[3], Path.of(arguments[4]));
      case "requests" -> RegistryParts.requests(result, arguments[2], arguments[3]);
      default -> throw new IllegalArgumentException("no such part: " + arguments[1]);
    }
  }

  /**
   * Runs something and writes what it took.
   *
   * @param before is not measured
   * @param warmUp rounds that do not count
   * @param rounds the median of their seconds is written, and the mean of their processor seconds
   */
  static void measure(Path result, int warmUp, int rounds, Round before, Round measured)
      throws Exception {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var seconds = new ArrayList<Double>();
    long processor = 0;
    for (var i = -warmUp; i < rounds; i++) {
      before.run();
      var busy = system.getProcessCpuTime();
      var start = System.nanoTime();
      measured.run();
      if (i >= 0) {
        seconds.add((System.nanoTime() - start) / 1e9);
        processor += system.getProcessCpuTime() - busy;
      }
    }
    seconds.sort(null);
    var median = seconds.get(rounds / 2);
    Files.writeString(
        result, String.format(Locale.ROOT, "%f %f %f", median, processor / 1e9 / rounds, peak()));
  }

  /** The largest resident set of this process until now, in MiB. */
  private static double peak() throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    throw new IOException("/proc/self/status has no VmHWM");
  }
}
