package dev.birgus.planner.instruct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.planner.instruct.DockerfileParser.ParseResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is read, it gives a result; inputs are made up from a fixed seed. */
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

  private final Random random = new Random(4711);

  @Test
  void arbitraryBytesGiveAResult() {
    for (var i = 0; i < TRIES; i++) {
      var bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      check(new String(bytes, StandardCharsets.UTF_8));
      check(new String(bytes, StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void arbitraryPiecesOfDockerfilesGiveAResult() {
    for (var i = 0; i < 2 * TRIES; i++) {
      var text = new StringBuilder(random.nextBoolean() ? "FROM a\n" : "");
      for (var n = random.nextInt(30); n > 0; n--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      check(text.toString());
    }
  }

  @Test
  void dockerfilesWithAFewCharactersChangedGiveAResult() throws IOException {
    var samples = samples();
    for (var i = 0; i < TRIES; i++) {
      var text = new StringBuilder(samples.get(random.nextInt(samples.size())));
      for (var n = 1 + random.nextInt(4); n > 0 && !text.isEmpty(); n--) {
        change(text);
      }
      check(text.toString());
    }
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
    for (var error : result.errors()) {
      assertThat(error.at()).as("place of %s in %s", error, text).isPresent();
    }
    if (result.errors().isEmpty()) {
      assertThat(result.instructions()).hasAtLeastOneElementOfType(Instruction.From.class);
    }
    triggers(result);
  }

  /** What ONBUILD keeps must be readable once it comes back from an image. */
  private static void triggers(ParseResult result) {
    for (var instruction : result.instructions()) {
      if (instruction instanceof Instruction.OnBuild(var source, var trigger)) {
        var at = SourceLocation.ofLine("Dockerfile", 1);
        var again = DockerfileParser.parseTrigger(trigger, at, result.escape());
        assertThat(again.errors())
            .as("trigger %s of %s", trigger, source.text())
            .allMatch(error -> error.name().equals(InstructionReader.NOT_SUPPORTED));
      }
    }
  }

  private static List<String> samples() {
    return GoldenCases.all().stream().map(GoldenCases.Case::text).toList();
  }
}
