package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A build starts in the time its own classes take: nothing of a server is loaded for it. */
class StartClassesTest {

  private static final List<String> OF_SERVERS =
      List.of(
          "org.apache.kafka.",
          "kafka.",
          "scala.",
          "io.vertx.",
          "io.netty.",
          "io.micrometer.",
          "io.prometheus.",
          "software.amazon.",
          "dev.birgus.infra.bus.kafka.",
          "dev.birgus.infra.broker.",
          "dev.birgus.cli.serve.",
          "dev.birgus.cli.configuration.",
          "dev.birgus.ingest.api.");

  @TempDir private Path folder;

  @BeforeAll
  static void root() {
    Tool.needRoot();
  }

  private List<String> loaded(Path log) throws IOException {
    // [0.123s][info][class,load] a.b.C source: ...
    return Files.readAllLines(log).stream()
        .map(line -> line.replaceFirst("^(\\[[^]]*])*\\s*", "").split(" ")[0])
        .toList();
  }

  @Test
  void aBuildThatPushesLoadsNothingOfAServer() throws Exception {
    // given
    Files.copy(RealRegistry.program("busybox").orElseThrow(), folder.resolve("sh"));
    Files.write(
        folder.resolve("Dockerfile"),
        List.of("FROM scratch", "COPY --chmod=755 sh /bin/sh", "RUN echo built"));
    var log = folder.resolve("classes");

    try (var registry = RealRegistry.plain(folder.resolve("registry"))) {
      // when
      var built =
          new BirgusProcess(folder.resolve("state"), folder)
              .withHeap("-Xlog:class+load:file=" + log)
              .run("build", "--context=.", "--destination=" + registry.host() + "/a:1");

      // then
      assertThat(built.exitCode()).as(built.all()).isZero();
      assertThat(loaded(log))
          .contains("dev.birgus.cli.local.LocalPipeline")
          .noneMatch(name -> OF_SERVERS.stream().anyMatch(name::startsWith));
    }
  }
}
