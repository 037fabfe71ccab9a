package dev.birgus.ingest.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.codec.EventCodec;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.testkit.SmallDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BuildHistoryTest {

  private static final Duration SILENCE = Duration.ofHours(2);
  private static final BuildId FIRST = new BuildId("b-1");
  private static final BuildId SECOND = new BuildId("b-2");
  private static final BuildId THIRD = new BuildId("b-3");
  private static final StageId STAGE = new StageId(Digest.sha256(new byte[] {1}));

  @TempDir private Path folder;

  private Instant now = Instant.EPOCH;

  private BuildHistory open(Path where, int most) throws IOException {
    return BuildHistory.open(
        where, new BuildHistory.Limits(most, Long.MAX_VALUE, SILENCE), () -> now, Journal.silent());
  }

  private BuildHistory complete(int most, long bytes) throws IOException {
    var limits = new BuildHistory.Limits(most, bytes, SILENCE);
    var history = BuildHistory.open(folder, limits, () -> now, Journal.silent());
    BuildHistory.TOPICS.forEach(history::caughtUp);
    return history;
  }

  /** A build that prints a thousand letters. */
  private static BuildId printing(BuildHistory history, String name) {
    var build = new BuildId(name);
    history.take(Topic.BUILDS, begun(build));
    history.take(Topic.LOGS, output(build, "x".repeat(1000)));
    return build;
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
  void theOldestGoWhenTheyTakeTooMuch() throws Exception {
    try (var history = complete(1_000, 20_000)) {
      // when
      for (var number = 0; number < 100; number++) {
        history.take(Topic.EVENTS, ended(printing(history, "b" + number)));
      }

      // then
      assertThat(taken()).isBetween(10_000L, 20_000L);
      assertThat(history.find(new BuildId("b99"))).isPresent();
      assertThat(history.find(new BuildId("b0"))).isEmpty();
    }
  }

  @Test
  void whatRunsAndWhatHasJustEndedIsRememberedWhateverItTakes() throws Exception {
    try (var history = complete(1_000, 2_000)) {
      // given
      var running = printing(history, "running");
      history.take(Topic.LOGS, output(running, "x".repeat(5_000)));

      // when
      var ended = printing(history, "ended");
      history.take(Topic.EVENTS, ended(ended));

      // then
      assertThat(history.find(running)).isPresent();
      assertThat(history.find(ended)).isPresent();
      printing(history, "next");
      assertThat(history.find(ended)).isEmpty();
      assertThat(history.find(running)).isPresent();
    }
  }

  @Test
  void whatIsForgottenIsNoNewsAgainAlsoAfterAStart() throws Exception {
    try (var history = complete(1)) {
      history.take(Topic.EVENTS, ended(FIRST));
      history.take(Topic.EVENTS, ended(SECOND));
    }

    try (var again = complete(1)) {
      again.take(Topic.BUILDS, begun(FIRST));
      assertThat(again.find(FIRST)).isEmpty();
      assertThat(again.find(SECOND)).isPresent();
    }
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

  private BuildHistory complete(int most) throws IOException {
    var history = open(folder, most);
    BuildHistory.TOPICS.forEach(history::caughtUp);
    return history;
  }

  private static Event.OfBuild begun(BuildId build) {
    return new Event.BuildCancelRequested(build, "anything makes it known");
  }

  private static Event.OfBuild ended(BuildId build) {
    return new Event.BuildFailed(build, Failure.of("f", "it failed", ""));
  }

  private static Event.OfBuild output(BuildId build, String text) {
    return new Event.LogChunk(build, STAGE, 0, false, text);
  }

  private static String sent(BuildLog log) throws IOException, InterruptedException {
    var out = new ByteArrayOutputStream();
    try (var bus = new dev.birgus.infra.testkit.RecordingBus()) {
      new BuildFollower(log, new OutputBarrier(bus), new BuildFollower.Seen(0, 0))
          .send(out, () -> false, () -> true);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theEndOfABuildWaitsForSpaceAndIsWhole() throws Exception {
    var small = Files.createDirectory(folder.resolve("small"));
    try (var _ = SmallDisk.mount(small, "64k");
        var history = open(small.resolve("builds"), 10)) {
      // given
      history.take(Topic.BUILDS, begun(FIRST));
      var log = history.find(FIRST).orElseThrow();
      var filler = small.resolve("filler");
      fill(filler);
      fillUp(history);

      // when
      var ending = Thread.ofVirtual().start(() -> history.take(Topic.EVENTS, ended(FIRST)));
      while (!log.summary().state().isEnd()) {
        Thread.onSpinWait();
      }

      // then
      assertThat(history.problem()).hasValueSatisfying(why -> assertThat(why).contains("space"));
      assertThat(log.isComplete()).isFalse();
      Files.delete(filler);
      assertThat(ending.join(Duration.ofSeconds(30))).isTrue();
      assertThat(history.isStuck()).isFalse();
      assertThat(sent(log)).endsWith("}\n").contains("build-failed").doesNotContain("\0");
      assertThat(open(small.resolve("builds"), 10).find(FIRST).orElseThrow().isComplete()).isTrue();
    }
  }

  private static void fill(Path file) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException full) {
      assertThat(Files.size(file)).isPositive();
    }
  }

  /** What is left of the last page goes, too: a line that is cut off in the middle is left. */
  private static void fillUp(BuildHistory history) throws InterruptedException {
    var writing =
        Thread.ofVirtual()
            .start(() -> {
              while (!history.isStuck()) {
                history.take(Topic.EVENTS, new Event.StepStarted(FIRST, STAGE, 0));
              }
            });
    while (!history.isStuck()) {
      Thread.onSpinWait();
    }
    writing.interrupt();
    assertThat(writing.join(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void whatComesOfABuildThatIsForgottenDoesNotBringItBack() throws Exception {
    try (var history = complete(1)) {
      // given
      history.take(Topic.EVENTS, ended(FIRST));
      history.take(Topic.EVENTS, ended(SECOND));
      assertThat(history.find(FIRST)).isEmpty();

      // when
      history.take(Topic.LOGS, output(FIRST, "late"));
      history.take(Topic.BUILDS, begun(FIRST));

      // then
      assertThat(history.find(FIRST)).isEmpty();
      assertThat(folder).isDirectoryNotContaining("glob:**b-1.jsonl");
    }
  }

  @Test
  void aBuildThatWaitsForNodesSaysForWhichUntilItHasThem() throws Exception {
    try (var history = open(folder, 10)) {
      // when
      history.take(Topic.BUILDS, begun(FIRST));
      history.take(Topic.EVENTS, new Event.NodesAwaited(FIRST, "arm", false));

      // then
      assertThat(history.summaries().getFirst().toJson().string("awaits_pool")).contains("arm");

      // when
      history.take(Topic.EVENTS, new Event.NodesAwaited(FIRST, "arm", true));

      // then
      assertThat(history.summaries().getFirst().toJson().string("awaits_pool")).isEmpty();

      // when
      history.take(Topic.EVENTS, new Event.NodesAwaited(FIRST, "arm", false));
      history.take(Topic.EVENTS, ended(FIRST));

      // then
      assertThat(history.summaries().getFirst().toJson().string("awaits_pool")).isEmpty();
    }
  }

  @Test
  void outputAloneMakesNoBuildKnown() throws Exception {
    try (var history = open(folder, 10)) {
      // given
      history.caughtUp(Topic.EVENTS);
      history.caughtUp(Topic.BUILDS);

      // when
      history.take(Topic.LOGS, output(FIRST, "of a build that is long gone"));

      // then
      assertThat(history.summaries()).isEmpty();
    }
  }

  @Test
  void outputThatIsHereBeforeItsRequestIsKept() throws Exception {
    try (var history = open(folder, 10)) {
      // given
      var taking = Thread.ofVirtual().start(() -> history.take(Topic.LOGS, output(FIRST, "hello")));

      // when
      history.take(Topic.BUILDS, begun(FIRST));

      // then
      assertThat(taking.join(Duration.ofSeconds(30))).isTrue();
      assertThat(Files.readString(folder.resolve("b-1.jsonl"))).contains("hello");
    }
  }

  @Test
  void whoWaitsForAnotherTopicIsLetGoWhenItIsClosed() throws Exception {
    // given
    var history = open(folder, 10);
    var taking = Thread.ofVirtual().start(() -> history.take(Topic.LOGS, output(FIRST, "hello")));

    // when
    history.close();

    // then
    assertThat(taking.join(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void openBuildsOfWhichNothingWasHeardForTooLongGoWhenThereAreTooMany() throws Exception {
    try (var history = complete(1)) {
      // given
      history.take(Topic.BUILDS, begun(FIRST));
      history.take(Topic.BUILDS, begun(SECOND));
      assertThat(history.summaries()).hasSize(2);

      // when
      now = now.plus(SILENCE).plusSeconds(1);
      history.take(Topic.EVENTS, new Event.StepStarted(SECOND, STAGE, 0));
      history.take(Topic.BUILDS, begun(THIRD));

      // then
      assertThat(history.summaries())
          .extracting(BuildSummary::build)
          .containsExactly(THIRD, SECOND);
    }
  }

  @Test
  void aFileThatSomebodyRemovedHoldsNothingUp() throws Exception {
    try (var history = complete(10)) {
      // given
      history.take(Topic.BUILDS, begun(FIRST));
      Files.delete(folder.resolve("b-1.jsonl"));

      // when
      history.take(Topic.EVENTS, ended(FIRST));

      // then
      assertThat(history.find(FIRST)).isEmpty();
      assertThat(history.problem()).isEmpty();
    }
  }

  @Test
  void aBuildIsAwaitedUntilItIsKnown() throws Exception {
    try (var history = complete(10)) {
      // given
      var taking = Thread.ofVirtual().start(() -> history.take(Topic.BUILDS, begun(FIRST)));

      // then
      assertThat(history.await(FIRST, _ -> true, Duration.ofSeconds(30))).isPresent();
      assertThat(taking.join(Duration.ofSeconds(30))).isTrue();
    }
  }

  @Test
  void whatIsNotReadYetIsNamed() throws Exception {
    try (var history = open(folder, 10)) {
      // given
      history.caughtUp(Topic.LOGS);
      history.caughtUp(Topic.BUILDS);
      assertThat(history.problem()).hasValueSatisfying(why -> assertThat(why).endsWith(": events"));

      // when
      history.caughtUp(Topic.EVENTS);

      // then
      assertThat(history.problem()).isEmpty();
      assertThat(history.isComplete()).isTrue();
    }
  }

  @Test
  void outputThatIsTooMuchIsToldOfAndIsTooMuchForTheNextServer() throws Exception {
    // given
    var file = folder.resolve("b-1.jsonl");
    var printed = new String[] {"one", "two", "three", "4"};
    for (var server = 0; server < 3; server++) {
      var log = BuildLog.open(FIRST, file, new EventCodec(), 7, now);

      // when
      for (var text : printed) {
        var _ = log.append(Topic.LOGS, output(FIRST, text), now);
      }
    }

    // then
    assertThat(Files.readAllLines(file)).hasSize(3).last().asString().contains("left out");
    assertThat(Files.readString(file)).contains("\"two\"").doesNotContain("three");
  }

  @Test
  void outputThatAnOlderVersionHasLeftOutStaysLeftOut() throws Exception {
    // given
    var file = folder.resolve("b-1.jsonl");
    var before = BuildLog.open(FIRST, file, new EventCodec(), 7, now);
    var _ = before.append(Topic.LOGS, output(FIRST, "1234567"), now);

    // when
    var after = BuildLog.open(FIRST, file, new EventCodec(), 7, now);
    var _ = after.append(Topic.LOGS, output(FIRST, "1234567"), now);
    var _ = after.append(Topic.LOGS, output(FIRST, "8"), now);

    // then
    assertThat(Files.readString(file)).doesNotContain("\"8\"").contains("left out");
  }
}
