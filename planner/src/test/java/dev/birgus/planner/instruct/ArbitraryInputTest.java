package dev.birgus.planner.instruct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.instruct.DockerfileParser.ParseResult;
import dev.birgus.planner.service.TestBuild;
import dev.birgus.planner.syntax.Whitespace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Whatever is read, it gives a result; inputs are made up from a seed. {@code
 * -Dbirgus.fuzz.seconds=60} makes each test run so long, {@code -Dbirgus.fuzz.seed=1} with other
 * inputs.
 */
class ArbitraryInputTest {

  private static final int TRIES = 5_000;
  private static final List<String> PIECES =
      List.of(
          "FROM a",
          "RUN ",
          "COPY ",
          "ADD ",
          "ENV ",
          "ARG ",
          "CMD ",
          "LABEL ",
          "ONBUILD ",
          "EXPOSE ",
          "HEALTHCHECK ",
          "SHELL ",
          "VOLUME ",
          "USER ",
          "NONE",
          "--",
          "--from=",
          "--mount=",
          "--link",
          "--interval=1s",
          "<<EOF",
          "<<-'X Y'",
          "EOF",
          "X Y",
          "\n",
          "\r\n",
          "\\\n",
          "`\n",
          "# escape=`\n",
          "#",
          "[\"a\"]",
          "[",
          "]",
          "\"",
          "'",
          "\\",
          "`",
          "$",
          "${x:-",
          "}",
          "=",
          " ",
          "\t",
          "\u0000",
          "\uFEFF",
          "\uD800",
          "ü",
          "a",
          "1e9",
          "{}",
          ",",
          " AS ",
          "\u2028",
          "\u00a0");

  private static final List<String> SAMPLES =
      GoldenCases.all().stream().map(GoldenCases.Case::text).toList();

  private final Random random = new Random(Long.getLong("birgus.fuzz.seed", 4711));

  @Test
  void arbitraryBytesGiveAResult() {
    repeatedly(() -> {
      var bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      check(new String(bytes, StandardCharsets.UTF_8));
      check(new String(bytes, StandardCharsets.ISO_8859_1));
    });
  }

  @Test
  void arbitraryPiecesOfDockerfilesGiveAResult() {
    repeatedly(() -> check(pieces()));
  }

  @Test
  void dockerfilesWithAFewCharactersChangedGiveAResult() {
    repeatedly(() -> check(changed()));
  }

  /** Whatever can be read can be planned, or is refused; the images and files are made up. */
  @Test
  void whateverIsReadIsPlannedOrRefused() {
    repeatedly(() -> plan(random.nextInt(3) == 0 ? pieces() : changed()));
  }

  private static void plan(String text) {
    var build = TestBuild.of(text).files("b", "c", "d/e").arg("x", "$x").arg("a", "");
    for (var name : List.of("a", "b", "c", "x")) {
      build.image(name, "{\"config\":{\"OnBuild\":[\"ARG x=1\",\"RUN echo $x\"]}}");
    }
    try {
      assertThat(build.plan().stages()).isNotEmpty();
    } catch (FailureException declared) {
      assertThat(declared.failure().message()).as("message for %s", text).isNotBlank();
      assertThat(declared.failure().name()).isNotEqualTo("internal-error");
    }
  }

  /** So many times as a test run has time for, or for so many seconds as somebody asks for. */
  private void repeatedly(Runnable step) {
    var seconds = Integer.getInteger("birgus.fuzz.seconds", 0);
    var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (var i = 0; i < TRIES || (seconds > 0 && System.nanoTime() < end); i++) {
      step.run();
    }
  }

  private String pieces() {
    var text = new StringBuilder(random.nextBoolean() ? "FROM a\n" : "");
    for (var n = random.nextInt(30); n > 0; n--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  private String changed() {
    var text = new StringBuilder(SAMPLES.get(random.nextInt(SAMPLES.size())));
    for (var n = 1 + random.nextInt(4); n > 0 && !text.isEmpty(); n--) {
      change(text);
    }
    return text.toString();
  }

  private void change(StringBuilder text) {
    var position = random.nextInt(text.length());
    var piece = PIECES.get(random.nextInt(PIECES.size()));
    switch (random.nextInt(4)) {
      case 0 -> text.deleteCharAt(position);
      case 1 -> text.insert(position, piece);
      case 2 -> text.setCharAt(position, (char) random.nextInt(0x10000));
      default -> text.setLength(position);
    }
  }

  private static void check(String text) {
    var result = DockerfileParser.parse("Dockerfile", text);
    var lines = (int) text.chars().filter(c -> c == '\n').count() + 1;
    for (var instruction : result.instructions()) {
      assertThat(instruction.source().at().endLine()).isLessThanOrEqualTo(lines);
    }
    places(text, result);
    for (var error : result.errors()) {
      assertThat(error.at()).as("place of %s in %s", error, text).isPresent();
    }
    if (result.errors().isEmpty()) {
      assertThat(result.instructions()).hasAtLeastOneElementOfType(Instruction.From.class);
    }
    triggers(result);
  }

  /** The place of every instruction's first word after its name is where that word begins. */
  private static void places(String text, ParseResult result) {
    var lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\n", -1);
    for (var instruction : result.instructions()) {
      var source = instruction.source();
      var words = Whitespace.words(source.text());
      if (words.size() > 1) {
        var at = source.placeOf(words.get(1));
        assertThat(lines[at.line() - 1].charAt(at.column() - 1))
            .as("what is at %s of %s", at, text)
            .isEqualTo(words.get(1).charAt(0));
      }
    }
  }

  /**
   * What ONBUILD keeps must be readable once it comes back from an image; unless it ends with an
   * escape, which continues it there.
   */
  private static void triggers(ParseResult result) {
    for (var instruction : result.instructions()) {
      if (instruction instanceof Instruction.OnBuild(var source, var trigger)
          && trigger.charAt(trigger.length() - 1) != result.escape()) {
        var at = SourceLocation.ofLine("Dockerfile", 1);
        var again = DockerfileParser.parseTrigger(trigger, at, result.escape());
        assertThat(again.errors())
            .as("trigger %s of %s", trigger, source.text())
            .allMatch(error -> error.name().equals(InstructionReader.NOT_SUPPORTED));
      }
    }
  }
}
