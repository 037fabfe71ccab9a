package dev.birgus.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where benchmarks run: a folder, registries on loopback, and a base image when asked for. */
final class Site implements AutoCloseable {

  static final String BUILDAH = "buildah --root $PEER/root --runroot $PEER/run ";
  static final String BUD = "bud --isolation chroot --tls-verify=false -q ";

  /** Builds of ours have to do with a heap of this size, so that every row proves it enough. */
  private static final String HEAP = "-Xmx200m";

  private final Path work;
  private final List<String> java;
  private final LocalRegistry registry;
  private final LocalRegistry fresh;
  private final LocalRegistry secure;
  private final SlowLink slow;
  private final Shell shell;
  private boolean debian;

  private Site(Path work, Registries registries, List<String> java, Shell shell) {
    this.work = work;
    this.java = java;
    this.registry = registries.kept;
    this.fresh = registries.fresh;
    this.secure = registries.secure;
    this.slow = registries.slow;
    this.shell = shell;
  }

  /**
   * The registries.
   *
   * @param kept holds base images
   * @param fresh may be emptied at any time
   * @param secure has TLS, and may be emptied, too
   * @param slow a slow way to the fresh one
   */
  private record Registries(
      LocalRegistry kept, LocalRegistry fresh, LocalRegistry secure, SlowLink slow) {}

  /**
   * Makes the folder and starts the registries.
   *
   * @param checkout the folder with the launcher, which has been built
   */
  static Site open(Path checkout) throws IOException, InterruptedException {
    var work = Files.createTempDirectory("birgus-bench");
    var runtime = checkout.resolve("build/runtime");
    var current = runtime.resolve(Files.readString(runtime.resolve("current")).strip());
    var java = Path.of(Files.readString(current.resolve("jdk")).strip(), "bin/java");
    var classPath = checkout.resolve("load-tests/target/classes") + ":" + current + "/lib/*";
    var certificate = Certificate.make(work.resolve("tls"));
    var registry = LocalRegistry.start(work, "kept", "");
    var fresh = LocalRegistry.start(work, "fresh", "");
    var secure = LocalRegistry.start(work, "secure", certificate.asSettings());
    var slow = SlowLink.open(fresh.port());
    var environment = new HashMap<String, String>();
    environment.put("BIRGUS", checkout.resolve("birgus").toString());
    environment.put("BIRGUS_JAVA_OPTS", HEAP);
    environment.put(
        "PARTS",
        java
            + " -XX:+UseSerialGC "
            + HEAP
            + " --enable-native-access=ALL-UNNAMED -cp "
            + classPath
            + " dev.birgus.load.Parts");
    environment.put("SOURCES", checkout.resolve("load-tests/src/main").toString());
    environment.put("STATE", work.resolve("state").toString());
    environment.put("PEER", work.resolve("peer").toString());
    environment.put("REGISTRY", registry.host());
    environment.put("FRESH", fresh.host());
    environment.put("SECURE", secure.host());
    environment.put("SLOW", slow.host());
    environment.put("EMPTY", "rm -rf fresh/docker secure/docker");
    environment.put("CERTIFICATES", certificate.folder().toString());
    var registries = new Registries(registry, fresh, secure, slow);
    var command =
        List.of(
            java.toString(),
            "-XX:+UseSerialGC",
            HEAP,
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            classPath + ":" + current + "/lib/server/*");
    return new Site(work, registries, command, new Shell(work, environment));
  }

  /** The folder commands run in. */
  Path work() {
    return work;
  }

  /** The program {@code java} and its options, with a class path that has all of birgus. */
  List<String> java() {
    return java;
  }

  Shell shell() {
    return shell;
  }

  /** Host and port of the registry without TLS. */
  String registry() {
    return registry.host();
  }

  /** Pushes a Debian root to the registry as {@code debian:base}, once. */
  void needDebian() throws IOException {
    if (debian) {
      return;
    }
    // Its tar stays, as an example of what layers are like.
    shell.run("mmdebstrap -q --variant=minbase bookworm debian.tar 2>/dev/null");
    Files.writeString(work.resolve("Dockerfile.base"), "FROM scratch\nADD debian.tar /\n");
    Files.writeString(work.resolve(".dockerignore"), "*\n!debian.tar\n", StandardCharsets.UTF_8);
    shell.run(BUILDAH + BUD + "-t $REGISTRY/debian:base -f Dockerfile.base .");
    shell.run(BUILDAH + "push -q --tls-verify=false $REGISTRY/debian:base");
    debian = true;
  }

  @Override
  public void close() {
    registry.close();
    slow.close();
    fresh.close();
    secure.close();
    new Shell(Path.of("/"), Map.of()).run("rm -rf '" + work + "'");
  }
}
