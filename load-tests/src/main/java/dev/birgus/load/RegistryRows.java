package dev.birgus.load;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** What goes to registries and comes from them, beside skopeo. */
final class RegistryRows {

  private static final int LAYERS = 20;
  private static final int LAYER_MEGABYTES = 25;
  private static final int LARGE_LAYERS = 4;
  private static final int LARGE_MEGABYTES = 512;
  private static final String PUSH = "$BIRGUS build --state-dir $STATE --context none ";
  private static final String TRUST = "--registry-certificate $SECURE=$CERTIFICATES/ca.crt ";

  private final Site site;

  RegistryRows(Site site) {
    this.site = site;
  }

  List<Benchmark> all() {
    return List.of(
        new Benchmark("k", () -> image("k", LAYERS, LAYER_MEGABYTES), pushes()),
        new Benchmark("l", this::imageInRegistries, pulls()),
        new Benchmark("m", this::slowBuild, List.of(early())),
        new Benchmark("n", () -> image("n", LARGE_LAYERS, LARGE_MEGABYTES), List.of(large())),
        new Benchmark("o", this::requests, List.of(manyRequests())));
  }

  /** An image of so many layers of random bytes, as an OCI layout {@code image} in the folder. */
  private void image(String letter, int layers, int megabytes) throws IOException {
    var folder = site.work().resolve(letter);
    Files.createDirectories(site.work().resolve("none"));
    var steps = new ArrayList<String>();
    var shell = site.shell();
    for (var i = 0; i < layers; i++) {
      shell.run("head -c %dM /dev/urandom >%s/%d.bin".formatted(megabytes, letter, i));
      steps.add("COPY %d.bin /".formatted(i));
    }
    Files.writeString(
        folder.resolve("Dockerfile"), "FROM scratch\n" + String.join("\n", steps) + "\n");
    shell.run(
        "$BIRGUS build --compression-level 1 --state-dir %1$s/state --context %1$s --no-push"
                .formatted(letter)
            + " --destination example.com/image:1 --oci-layout-path "
            + letter
            + "/image; rm -rf "
            + letter
            + "/*.bin "
            + letter
            + "/state");
    Files.writeString(folder.resolve("again"), "FROM base\nLABEL again=1\n");
  }

  private static String push(String letter, String options) {
    return PUSH
        + "--build-context base=oci-layout://$PWD/%1$s/image --dockerfile %1$s/again "
            .formatted(letter)
        + options;
  }

  private static List<Comparison> pushes() {
    return List.of(
        new Comparison(
            "(k) push of 20 × 25 MB; peer: `skopeo copy`",
            5,
            "rm -rf $STATE; $EMPTY",
            push("k", "--destination $FRESH/ours:1"),
            "skopeo copy -q --dest-tls-verify=false oci:k/image docker://$FRESH/peer:1"),
        new Comparison(
            "(k) the same, TLS",
            5,
            "rm -rf $STATE; $EMPTY",
            push("k", TRUST + "--destination $SECURE/ours:1"),
            "skopeo copy -q --dest-cert-dir $CERTIFICATES oci:k/image docker://$SECURE/peer:1"));
  }

  private void imageInRegistries() throws IOException {
    image("l", LAYERS, LAYER_MEGABYTES);
    var shell = site.shell();
    shell.run("skopeo copy -q --dest-tls-verify=false oci:l/image docker://$FRESH/pull:1");
    shell.run("skopeo copy -q --dest-cert-dir $CERTIFICATES oci:l/image docker://$SECURE/pull:1");
    shell.run("rm -rf l/image");
    for (var host : List.of("FRESH", "SECURE")) {
      shell.run("printf 'FROM %s/pull:1\\nLABEL a=b\\n' $" + host + " >l/" + host);
    }
  }

  private static List<Comparison> pulls() {
    var clean = "rm -rf $STATE l/ours l/peer";
    var ours = PUSH + "--no-push --oci-layout-path l/ours --dockerfile l/";
    return List.of(
        new Comparison(
            "(l) pull of 20 × 25 MB to a layout; peer: `skopeo copy`",
            5,
            clean,
            ours + "FRESH",
            "skopeo copy -q --src-tls-verify=false docker://$FRESH/pull:1 oci:l/peer"),
        new Comparison(
            "(l) the same, TLS",
            5,
            clean,
            ours + "SECURE " + TRUST,
            "skopeo copy -q --src-cert-dir $CERTIFICATES docker://$SECURE/pull:1 oci:l/peer"));
  }

  private void slowBuild() throws IOException {
    site.needDebian();
    Files.writeString(
        site.work().resolve("m/Dockerfile"),
        """
        FROM %s/debian:base
        RUN touch /first
        RUN touch /second
        RUN head -c 300000000 /dev/urandom >/third
        RUN sleep 8; touch /fourth
        RUN sleep 4; touch /fifth
        """
            .formatted(site.registry()));
  }

  /** The upload of the third layer alone takes 15 s, and what comes after it 12 s. */
  private static Comparison early() {
    var build = "$BIRGUS build --state-dir $STATE --context m --destination $SLOW/ours:1 ";
    return new Comparison(
        "(m) five steps, the third makes 300 MB, to a registry at 20 MB/s;"
            + " peer: `--push-early=false`",
        1,
        "$EMPTY; $BIRGUS build --help | grep -q push-early && echo --push-early=false >m/late"
            + " || : >m/late",
        build,
        build + "$(cat m/late)");
  }

  private static Comparison large() {
    return new Comparison(
        "(n) push of 2 GB; peer: `skopeo copy`",
        1,
        "rm -rf $STATE; $EMPTY",
        push("n", "--destination $FRESH/ours:1"),
        "skopeo copy -q --dest-tls-verify=false oci:n/image docker://$FRESH/peer:1");
  }

  private void requests() throws IOException {
    site.needDebian();
    site.shell()
        .run(
            "for i in $(seq 2000); do"
                + " echo \"url = http://$REGISTRY/v2/debian/blobs/sha256:$(printf %064d $i)\";"
                + " echo output = /dev/null; echo head; done >o/urls");
  }

  /** Ours fails if it keeps more descriptors open after all of them than after the first ones. */
  private static Comparison manyRequests() {
    return new Comparison(
        "(o) 2,000 requests, with no more descriptors open than before; peer: `curl`, one"
            + " connection",
        1,
        ":",
        Side.reporting("$PARTS $RESULT requests $REGISTRY debian"),
        Side.of("curl -s --config o/urls"));
  }
}
