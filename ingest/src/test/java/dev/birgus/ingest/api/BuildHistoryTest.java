package dev.birgus.ingest.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildHistoryTest {

  private static final StageId STAGE = new StageId(Digest.sha256(new byte[0]));
  private static final String OUTPUT = "x".repeat(1000);

  @TempDir private Path folder;

  private BuildHistory open(BuildHistory.Bounds bounds) throws IOException {
    return BuildHistory.open(
        folder,
        bounds,
        InstantSource.fixed(Instant.parse("2026-11-23T10:00:00Z")),
        Journal.silent());
  }

  private static boolean print(BuildHistory history, String build) {
    return history.take(
        Topic.LOGS, new Event.LogChunk(new BuildId(build), STAGE, 0, false, OUTPUT));
  }

  private static void end(BuildHistory history, String build) {
    var _ =
        history.take(
            Topic.EVENTS,
            new Event.BuildFailed(new BuildId(build), Failure.of("f", "it failed", "")));
  }

  private long taken() throws IOException {
    try (var files = Files.newDirectoryStream(folder, "*.jsonl")) {
      var bytes = 0L;
      for (var file : files) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  @Test
  void theOldestGoWhenTheyTakeTooMuch() throws IOException {
    // given
    var history = open(new BuildHistory.Bounds(1_000, 20_000));

    // when
    for (var build = 0; build < 100; build++) {
      print(history, "b" + build);
      end(history, "b" + build);
    }

    // then
    assertThat(taken()).isBetween(10_000L, 20_000L);
    assertThat(history.find(new BuildId("b99"))).isPresent();
    assertThat(history.find(new BuildId("b0"))).isEmpty();
  }

  @Test
  void whatRunsAndWhatHasJustEndedIsRememberedWhateverItTakes() throws IOException {
    // given
    var history = open(new BuildHistory.Bounds(1_000, 5_000));
    for (var line = 0; line < 10; line++) {
      print(history, "running");
    }

    // when
    print(history, "another");
    end(history, "another");

    // then
    assertThat(history.find(new BuildId("running"))).isPresent();
    assertThat(history.find(new BuildId("another"))).isPresent();
    end(history, "last");
    assertThat(history.find(new BuildId("another"))).isEmpty();
    assertThat(history.find(new BuildId("running"))).isPresent();
  }

  @Test
  void whatIsForgottenIsNoNewsAgainAlsoAfterAStart() throws IOException {
    // given
    var bounds = new BuildHistory.Bounds(1, 1_000_000);
    var history = open(bounds);
    for (var build : new String[] {"first", "second"}) {
      print(history, build);
      end(history, build);
    }

    // then
    assertThat(print(history, "first")).isFalse();
    assertThat(print(open(bounds), "first")).isFalse();
    assertThat(print(open(bounds), "third")).isTrue();
  }

  @Test
  void onlyTheLatestOfThoseForgottenAreKept() throws IOException {
    // given
    var file = folder.resolve("forgotten");
    var forgotten = ForgottenBuilds.open(file, 10);

    // when
    for (var build = 0; build < 1_000; build++) {
      forgotten.add(new BuildId("b" + build));
    }

    // then
    assertThat(Files.readAllLines(file)).hasSizeLessThanOrEqualTo(21).endsWith("b999");
    var again = ForgottenBuilds.open(file, 10);
    assertThat(again.contains(new BuildId("b999"))).isTrue();
    assertThat(again.contains(new BuildId("b0"))).isFalse();
    assertThat(Files.readAllLines(file)).hasSize(10);
  }
}
