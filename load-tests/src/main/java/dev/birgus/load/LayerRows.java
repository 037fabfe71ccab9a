package dev.birgus.load;

import static dev.birgus.load.Site.BUD;
import static dev.birgus.load.Site.BUILDAH;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** What happens to root file systems and layers on a node. */
final class LayerRows {

  private static final int BASE_FILES = 32_000;
  private static final int TREE_FILES = 200_000;
  private static final int BASE_FILE_BYTES = 1024;
  private static final int TREE_FILE_BYTES = 64;

  /** A Debian root is about 180 MB. */
  private static final int ROOTS = 6;

  private final Site site;

  LayerRows(Site site) {
    this.site = site;
  }

  List<Benchmark> all() {
    return List.of(
        new Benchmark("h", this::base, roots()),
        new Benchmark("i", this::tree, List.of(overlay(), scan())),
        new Benchmark(
            "j",
            this::gigabyte,
            List.of(
                packed("the JDK, level 4 (default)", "GZIP:4"),
                packed("the JDK, level 1", "GZIP:1"),
                packed("ISA-L", "GZIP_ISAL:1"),
                packed("zstd", "ZSTD:3"))));
  }

  private void base() throws IOException {
    var folder = site.work().resolve("h");
    Material.smallFiles(folder.resolve("root"), BASE_FILES, BASE_FILE_BYTES);
    Files.createDirectories(folder.resolve("node"));
    Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\nADD base.tar /\n");
    site.shell().run("tar -C h/root -cf h/base.tar files");
    site.shell().run(BUILDAH + BUD + "-t bench-base h");
  }

  private static List<Comparison> roots() {
    var ready = Side.reporting("$PARTS $RESULT ready-root h/base.tar h/node");
    var clean =
        BUILDAH + "rm -a >h/log 2>&1; rm -rf h/copy h/unpacked h/store; mkdir -p h/unpacked";
    return List.of(
        new Comparison(
            "(h) a ready root on a base of 32,000 files; peer: `buildah from`",
            3,
            clean,
            ready,
            Side.of(BUILDAH + "from -q --pull-never bench-base")),
        new Comparison(
            "(h) the same; peer: `cp -a`", 3, clean, ready, Side.of("cp -a h/root h/copy")),
        new Comparison(
            "(h) its layer unpacked, digest verified; peer: `tar -x`",
            3,
            clean,
            Side.reporting("$PARTS $RESULT unpack h/base.tar h/store"),
            Side.of("tar -C h/unpacked -xpf h/base.tar")));
  }

  private void tree() throws IOException {
    var folder = site.work().resolve("i");
    Material.smallFiles(folder.resolve("tree"), TREE_FILES, TREE_FILE_BYTES);
    Files.createDirectories(folder.resolve("node"));
    site.shell().run("cc -O2 -o i/walk $SOURCES/c/walk.c");
  }

  private static Comparison overlay() {
    return new Comparison(
        "(i) `touch` of one file in 200,000 to its layer, overlay; peer: a walk in C",
        3,
        ":",
        Side.reporting("$PARTS $RESULT diff-overlay i/tree i/node"),
        Side.reporting("i/walk i/tree >$RESULT"));
  }

  private static Comparison scan() {
    return new Comparison(
        "(i) `touch` of one file in 200,000 found by looking at all; peer: a walk in C",
        3,
        ":",
        Side.reporting("$PARTS $RESULT diff-scan i/tree"),
        Side.reporting("i/walk i/tree >$RESULT"));
  }

  private void gigabyte() throws IOException {
    site.needDebian();
    var roots = "debian.tar ".repeat(ROOTS);
    site.shell().run("mkdir j/tree; cat " + roots + " >j/tree/data");
  }

  private static Comparison packed(String engine, String how) {
    return new Comparison(
        "(j) a layer of 1 GB to its blob, " + engine + "; peer: `gzip -1`",
        1,
        "rm -rf j/blobs j/data.gz",
        Side.reporting("$PARTS $RESULT pack j/tree " + how + " j/blobs"),
        Side.of("gzip -1 <j/tree/data >j/data.gz"));
  }
}
