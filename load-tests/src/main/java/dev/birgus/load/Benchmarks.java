package dev.birgus.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Does the same things with birgus and with others, in turns, and prints a table of ratios.
 * Arguments: the folder of the checkout, then the letters of the benchmarks to run (all of them if
 * none is given).
 */
public final class Benchmarks {

  private Benchmarks() {}

  /** Runs the benchmarks. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var checkout = Path.of(arguments[0]);
    var wanted = Arrays.stream(arguments).skip(1).collect(Collectors.joining());
    try (var site = Site.open(checkout)) {
      var rows = new ArrayList<String>();
      for (var benchmark : all(site)) {
        if (wanted.isEmpty() || wanted.contains(benchmark.letter())) {
          rows.addAll(run(benchmark, site));
        }
      }
      var table = table(rows);
      System.out.println(table);
      if (wanted.isEmpty()) {
        replaceTable(checkout.resolve("docs/performance.md"), table);
      }
    }
  }

  private static List<Benchmark> all(Site site) {
    return Stream.of(
            new BuildRows(site).all(), new LayerRows(site).all(), new RegistryRows(site).all())
        .flatMap(List::stream)
        .toList();
  }

  private static List<String> run(Benchmark benchmark, Site site)
      throws IOException, InterruptedException {
    System.err.println("preparing: " + benchmark.letter());
    Files.createDirectories(site.work().resolve(benchmark.letter()));
    benchmark.preparation().make();
    var rows = new ArrayList<String>();
    for (var comparison : benchmark.comparisons()) {
      System.err.println("running: " + comparison.name());
      var row = comparison.row(site.shell());
      System.err.println(row);
      rows.add(row);
    }
    // The base image stays for the next ones.
    site.shell().run("rm -rf " + benchmark.letter());
    return rows;
  }

  private static String table(List<String> rows) {
    var head =
        """
        | | birgus s | peer s | ratio | birgus CPU s | peer CPU s | ratio | birgus MiB | peer MiB |
        |---|---|---|---|---|---|---|---|---|
        """;
    return head + String.join("\n", rows);
  }

  private static void replaceTable(Path page, String table) throws IOException {
    var text = Files.readString(page);
    var start = text.indexOf("<!-- table -->");
    var end = text.indexOf("<!-- end of table -->");
    Files.writeString(
        page, text.substring(0, start) + "<!-- table -->\n" + table + "\n" + text.substring(end));
  }
}
