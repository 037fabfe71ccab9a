package dev.birgus.load;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Builds the same things with birgus and with {@code buildah bud}, in turns, and prints a table of
 * ratios. Arguments: the folder of the checkout, then the letters of the benchmarks to run (all of
 * them if none is given).
 */
public final class Benchmarks {

  private static final String BUILDAH = "buildah --root $PEER/root --runroot $PEER/run ";
  private static final String BUD = "bud --isolation chroot --tls-verify=false -q ";
  private static final int SMALL_FILES = 20_000;
  private static final int SMALL_FILE_BYTES = 4096;
  private static final int LAYER_MEGABYTES = 500;

  private final Path checkout;
  private final Path work;
  private final String registry;
  private final Shell shell;

  private Benchmarks(Path checkout, Path work, String registry) {
    this.checkout = checkout;
    this.work = work;
    this.registry = registry;
    this.shell =
        new Shell(
            work,
            Map.of(
                "BIRGUS",
                checkout.resolve("birgus").toString(),
                "STATE",
                work.resolve("state").toString(),
                "PEER",
                work.resolve("peer").toString(),
                "REGISTRY",
                registry));
  }

  /** Runs the benchmarks. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var checkout = Path.of(arguments[0]);
    var wanted = Arrays.stream(arguments).skip(1).collect(Collectors.toSet());
    var work = Files.createTempDirectory("birgus-bench");
    try (var registry = LocalRegistry.start(work)) {
      var benchmarks = new Benchmarks(checkout, work, registry.host());
      benchmarks.run(wanted.isEmpty() ? "abcd" : String.join("", wanted), wanted.isEmpty());
    } finally {
      new Shell(Path.of("/"), Map.of()).run("rm -rf '" + work + "'");
    }
  }

  private void run(String letters, boolean write) throws IOException {
    System.err.println("preparing: a Debian root, 20,000 files, a 500 MB file");
    prepare(letters);
    var rows = new ArrayList<String>();
    for (var comparison : comparisons(letters)) {
      System.err.println("running: " + comparison.name());
      rows.add(comparison.row(shell));
    }
    var table = table(rows);
    System.out.println(table);
    if (write) {
      replaceTable(checkout.resolve("docs/performance.md"), table);
    }
  }

  private void prepare(String letters) throws IOException {
    Files.createDirectories(work.resolve("b"));
    if (letters.chars().anyMatch(letter -> letter != 'a')) {
      shell.run("mmdebstrap -q --variant=minbase bookworm debian.tar 2>/dev/null");
      Files.writeString(work.resolve("Dockerfile.base"), "FROM scratch\nADD debian.tar /\n");
      Files.writeString(work.resolve(".dockerignore"), "*\n!debian.tar\n", StandardCharsets.UTF_8);
      shell.run(BUILDAH + BUD + "-t $REGISTRY/debian:base -f Dockerfile.base .");
      shell.run(BUILDAH + "push -q --tls-verify=false $REGISTRY/debian:base");
      shell.run("rm debian.tar");
    }
    Files.writeString(work.resolve("b/data.txt"), "data\n".repeat(1000));
    Files.writeString(
        work.resolve("b/Dockerfile"),
        """
        FROM %1$s/debian:base AS build
        COPY data.txt /src/
        RUN mkdir -p /out && sort -u /src/data.txt > /out/sorted
        RUN cp -a /usr/share/doc /out/doc
        FROM %1$s/debian:base
        RUN useradd -m app
        COPY --from=build /out /opt/app
        CMD ["ls", "/opt/app"]
        """
            .formatted(registry));
    if (letters.contains("c")) {
      smallFiles(work.resolve("c"));
    }
    if (letters.contains("d")) {
      largeFile(work.resolve("d"));
    }
  }

  private void smallFiles(Path folder) throws IOException {
    var random = new Random(1);
    for (var i = 0; i < SMALL_FILES; i++) {
      var directory = folder.resolve("files/" + i / 200);
      if (i % 200 == 0) {
        Files.createDirectories(directory);
      }
      Files.write(directory.resolve("file-" + i), block(random, SMALL_FILE_BYTES));
    }
    Files.writeString(
        folder.resolve("Dockerfile"), "FROM " + registry + "/debian:base\nCOPY files /files\n");
  }

  private void largeFile(Path folder) throws IOException {
    Files.createDirectories(folder);
    var random = new Random(2);
    try (var out =
        new BufferedOutputStream(Files.newOutputStream(folder.resolve("large.bin")), 1 << 20)) {
      for (var i = 0; i < LAYER_MEGABYTES; i++) {
        out.write(block(random, 1 << 20));
      }
    }
    Files.writeString(
        folder.resolve("Dockerfile"), "FROM " + registry + "/debian:base\nCOPY large.bin /\n");
  }

  /** Bytes that compress to about half: words of a small vocabulary between random ones. */
  private static byte[] block(Random random, int size) {
    var bytes = new byte[size];
    random.nextBytes(bytes);
    for (var i = 0; i < size; i++) {
      if ((i / 64) % 3 != 0) {
        bytes[i] = (byte) ('a' + (bytes[i] & 7));
      }
    }
    return bytes;
  }

  private List<Comparison> comparisons(String letters) {
    var rows = new ArrayList<Comparison>();
    if (letters.contains("a")) {
      rows.add(new Comparison("(a) `--help`", 15, ":", "$BIRGUS --help", "buildah --help"));
    }
    for (var letter : List.of("b", "c", "d")) {
      if (letters.contains(letter)) {
        rows.add(build(letter, "cold", "rm -rf $STATE $PEER; " + changed(letter)));
        rows.add(build(letter, "warm", changed(letter)));
      }
    }
    return rows;
  }

  /**
   * Changes a file of the context: buildah remembers the blobs of layers it has pushed and would
   * neither compress nor upload the same layer again.
   */
  private static String changed(String letter) {
    var file =
        switch (letter) {
          case "b" -> "b/data.txt";
          case "c" -> "c/files/0/file-0";
          default -> "d/large.bin";
        };
    return "date +%s%N | dd of=" + file + " conv=notrunc status=none";
  }

  private static Comparison build(String letter, String temperature, String before) {
    var name =
        switch (letter) {
          case "b" -> "(b) two stages, three RUN, push";
          case "c" -> "(c) COPY of 20,000 files of 4 KB, push";
          default -> "(d) a layer of 500 MB, push";
        };
    // A tag of its own in a repository of its own: no side finds blobs the other one pushed.
    var image = "$REGISTRY/%s-" + letter + "-" + temperature + "-$(date +%%s%%N):latest";
    return new Comparison(
        name + ", " + temperature,
        5,
        before,
        ("i=" + image + "; $BIRGUS build --state-dir $STATE --context %s --destination $i")
            .formatted("ours", letter),
        ("i=" + image + "; " + BUILDAH + BUD + "-t $i %s && " + BUILDAH).formatted("peer", letter)
            + "push -q --tls-verify=false $i");
  }

  private static String table(List<String> rows) {
    var head =
        """
        | | birgus s | buildah s | ratio | birgus CPU s | buildah CPU s | ratio | birgus MiB | buildah MiB |
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
