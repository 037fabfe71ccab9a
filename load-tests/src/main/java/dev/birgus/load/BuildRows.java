package dev.birgus.load;

import static dev.birgus.load.Site.BUD;
import static dev.birgus.load.Site.BUILDAH;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Whole builds beside {@code buildah bud}, and beside themselves. */
final class BuildRows {

  private static final int SMALL_FILES = 20_000;
  private static final int LAYER_MEGABYTES = 500;
  private static final int RUNS = 50;
  private static final int AT_ONCE = 5;

  private final Site site;

  BuildRows(Site site) {
    this.site = site;
  }

  List<Benchmark> all() {
    return List.of(
        new Benchmark(
            "a",
            () -> {},
            List.of(new Comparison("(a) `--help`", 15, ":", "$BIRGUS --help", "buildah --help"))),
        new Benchmark("b", this::twoStages, pushed("b", "two stages, three RUN, push")),
        new Benchmark("c", this::smallFiles, pushed("c", "COPY of 20,000 files of 4 KB, push")),
        new Benchmark("d", this::largeFile, pushed("d", "a layer of 500 MB, push")),
        new Benchmark("e", this::shortRuns, shortRunRows()),
        new Benchmark("f", this::manyFiles, List.of(besideTar())),
        new Benchmark("g", this::severalBuilds, List.of(besideThemselves())));
  }

  private Path folder(String letter) {
    return site.work().resolve(letter);
  }

  private String debian() {
    return "FROM " + site.registry() + "/debian:base";
  }

  private void twoStages() throws IOException {
    site.needDebian();
    Files.writeString(folder("b").resolve("data.txt"), "data\n".repeat(1000));
    Files.writeString(
        folder("b").resolve("Dockerfile"),
        """
        %1$s AS build
        COPY data.txt /src/
        RUN mkdir -p /out && sort -u /src/data.txt > /out/sorted
        RUN cp -a /usr/share/doc /out/doc
        %1$s
        RUN useradd -m app
        COPY --from=build /out /opt/app
        CMD ["ls", "/opt/app"]
        """
            .formatted(debian()));
  }

  private void smallFiles() throws IOException {
    site.needDebian();
    Material.smallFiles(folder("c"), SMALL_FILES, Material.SMALL_FILE_BYTES);
    Files.writeString(folder("c").resolve("Dockerfile"), debian() + "\nCOPY files /files\n");
  }

  private void largeFile() throws IOException {
    site.needDebian();
    Material.largeFile(folder("d").resolve("large.bin"), LAYER_MEGABYTES);
    Files.writeString(folder("d").resolve("Dockerfile"), debian() + "\nCOPY large.bin /\n");
  }

  private static List<Comparison> pushed(String letter, String name) {
    var title = "(" + letter + ") " + name;
    return List.of(
        pushed(letter, title + ", cold", "rm -rf $STATE $PEER; " + changed(letter)),
        pushed(letter, title + ", warm", changed(letter)));
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

  private static Comparison pushed(String letter, String name, String before) {
    // A tag of its own in a repository of its own: no side finds blobs the other one pushed.
    var image = "i=$REGISTRY/%s-" + letter + "-$(date +%%s%%N):latest; ";
    return new Comparison(
        name,
        5,
        before,
        (image + "$BIRGUS build --state-dir $STATE --context %s --destination $i")
            .formatted("ours", letter),
        (image + BUILDAH + BUD + "-t $i %s && " + BUILDAH).formatted("peer", letter)
            + "push -q --tls-verify=false $i");
  }

  private void shortRuns() throws IOException {
    site.needDebian();
    for (var count : List.of(1, RUNS)) {
      var context = Files.createDirectories(folder("e").resolve("" + count));
      Files.writeString(
          context.resolve("Dockerfile"), debian() + "\n" + "RUN true\n".repeat(count));
    }
  }

  private static List<Comparison> shortRunRows() {
    return List.of(unpushed("(e) RUN true", "e/1"), unpushed("(e) RUN true × 50", "e/" + RUNS));
  }

  private static Comparison unpushed(String name, String context) {
    return new Comparison(
        name,
        3,
        ":",
        "$BIRGUS build --state-dir $STATE --context " + context + " --no-push",
        BUILDAH + BUD + "-t peer-" + context.replace('/', '-') + " " + context);
  }

  private void manyFiles() throws IOException {
    Material.smallFiles(folder("f"), SMALL_FILES, Material.SMALL_FILE_BYTES);
    Files.writeString(folder("f").resolve("Dockerfile"), "FROM scratch\nCOPY files /files\n");
  }

  private static Comparison besideTar() {
    return new Comparison(
        "(f) COPY of 20,000 files of 4 KB to a layer; peer: `tar \\| gzip -1`",
        5,
        ":",
        "$BIRGUS build --state-dir $STATE --context f --no-push",
        "tar -c -C f files | gzip -1 > f.tar.gz; sha256sum f.tar.gz; rm f.tar.gz");
  }

  private void severalBuilds() throws IOException {
    site.needDebian();
    for (var i = 0; i < AT_ONCE; i++) {
      var context = Files.createDirectories(folder("g").resolve("" + i));
      Files.writeString(context.resolve("data.txt"), "data %d\n".formatted(i).repeat(1000));
      Files.writeString(
          context.resolve("Dockerfile"),
          debian()
              + """

              COPY data.txt /src/
              RUN sort -u /src/data.txt > /sorted
              RUN cp -a /usr/share/doc /doc
              """);
    }
  }

  private static Comparison besideThemselves() {
    var builds =
        IntStream.range(0, AT_ONCE)
            .mapToObj(i -> "$BIRGUS build --state-dir $STATE --context g/" + i + " --no-push")
            .toList();
    return new Comparison(
        "(g) five builds at once on one node; peer: the same five in a row",
        3,
        ":",
        String.join(" & ", builds) + " & for job in $(jobs -p); do wait $job; done",
        String.join("; ", builds));
  }
}
