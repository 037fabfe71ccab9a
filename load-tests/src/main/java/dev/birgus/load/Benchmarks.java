package dev.birgus.load;

import dev.birgus.load.pipeline.PipelineBenchmarks;
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
  public static void main(String[] arguments) throws Exception {
    var checkout = Path.of(arguments[0]);
    var wanted = Arrays.stream(arguments).skip(1).collect(Collectors.joining());
    try (var site = Site.open(checkout)) {
      var rows = new ArrayList<String>();
      for (var benchmark : all(site)) {
        if (wanted.isEmpty() || wanted.contains(benchmark.letter())) {
          rows.addAll(run(benchmark, site));
        }
      }
      var page = checkout.resolve("docs/performance.md");
      if (!rows.isEmpty()) {
        show(table(rows), "table", page, wanted.isEmpty());
      }
      var pipeline = pipeline(site).run(wanted);
      if (pipeline.isPresent()) {
        show(pipeline.get(), "pipeline", page, wanted.isEmpty());
      }
    }
  }

  private static PipelineBenchmarks pipeline(Site site) throws IOException {
    var folder = Files.createDirectories(site.work().resolve("pipeline"));
    Files.writeString(folder.resolve("hello"), "hello\n");
    site.shell()
        .run(
            "cp \"$(command -v busybox)\" pipeline/ && tar -c -C pipeline -f context.tar hello busybox");
    return new PipelineBenchmarks(
        folder, site.work().resolve("context.tar"), site.java(), site.registry());
  }

  private static void show(String table, String name, Path page, boolean whole) throws IOException {
    System.out.println(table);
    if (whole) {
      replaceTable(page, name, table);
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

  private static void replaceTable(Path page, String name, String table) throws IOException {
    var text = Files.readString(page);
    var begin = "<!-- " + name + " -->\n";
    var start = text.indexOf(begin) + begin.length();
    var end = text.indexOf("<!-- end of " + name + " -->");
    Files.writeString(page, text.substring(0, start) + table + "\n" + text.substring(end));
  }
}
