package dev.birgus.cli.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.json.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuildsTextTest {

  @Test
  void aBuildThatWaitsForNodesSaysForWhich() {
    var build =
        Json.Obj.EMPTY
            .with("id", Json.of("b-1"))
            .with("state", Json.of("running"))
            .with("images", Json.ofStrings(List.of("example.com/app:1")));
    var waiting = build.with("id", Json.of("b-2")).with("awaits_pool", Json.of("arm"));

    var lines = BuildsText.table(List.of(build, waiting), Instant.EPOCH).lines().toList();

    assertThat(lines.get(1)).startsWith("b-1").endsWith("example.com/app:1");
    assertThat(lines.get(2))
        .startsWith("b-2")
        .endsWith("example.com/app:1 (waits for nodes of the pool arm)");
  }
}
