package dev.birgus.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.planner.service.TestBuild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong is named by line and column, and with advice that fits. */
class ErrorPlacesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "COPY --chmod=u+q a /x|2:6|--chmod=u+q",
        "COPY --link --chown=app a /x|2:13|write numbers",
        "COPY --from=9 a /x|2:6|not an earlier stage",
        "COPY --from=A!B a /x|2:6|A!B",
        "COPY --from=later a /x|2:6|not an earlier stage",
        "RUN --mount=target=/t --mount=from=later,target=/x true|2:23|not an earlier stage",
        "RUN --mount=target=/t --mount=type=$T,target=/x true|2:23|there is no type",
        "RUN --mount=target=/t --security=insecure true|2:23|--allow",
        "RUN --device=gpu true|2:5|--device=gpu",
        "ADD --checksum=md5:abc http://x/a /x|2:5|write --checksum=sha256: and 64 hexadecimal",
        "ADD --checksum=sha256:00 a /x|2:5|needs one source",
        "COPY a a a|2:10|write the destination with a slash",
        "COPY a none /x/|2:8|COPY none: there is no such file",
        "COPY a b[ /x/|2:8|is no pattern",
        "COPY [\"a/b\", \"b\", \"/x/\"]|2:8|COPY a/b:",
        "COPY [\"a\", \"/b\", \"b\", \"/x/\"]|2:13|COPY /b:",
        "COPY a http://x/a /x/|2:8|use ADD",
        "ADD a http://x/%zz /x/|2:7|%zz",
        "COPY --parents none ./|2:16|none",
        "VOLUME /a $B|2:11|a variable in it has no value",
        "COPY a $B /x/|2:8|a variable in it has no value",
        "COPY \"\" /x|2:6|COPY has an empty source name a file",
        "COPY [\"\", \"/x\"]|2:7|name a file or a directory",
        "ADD ftp://x/y /z|2:5|only http, https and git addresses are fetched",
        "COPY a file:///y /z/|2:8|addresses are fetched, and by ADD",
        "COPY a --chmod=755 /x|2:20|options stand before the sources: move \"--chmod=755\" there",
        "COPY a --chmod=755 /x/|2:8|options stand before the sources: move \"--chmod=755\" there",
      })
  void anErrorIsAtItsWord(String line, String place, String expected) {
    var dockerfile = "FROM scratch\n" + line + "\nFROM scratch AS later\nFROM stage-0\n";
    var failure = TestBuild.of(dockerfile).files("a").target("0").failure();

    assertThat(failure.at()).hasToString("Optional[Dockerfile:" + place + "]");
    assertThat(failure.message() + " " + failure.advice()).contains(expected);
  }

  @Test
  void anOptionAfterAHeredocIsNoSource() {
    var failure = TestBuild.of("FROM scratch\nCOPY <<-\"EOF\" --chmod=755 /s2\nx\nEOF\n").failure();

    assertThat(failure.advice()).contains("options stand before the sources");
  }

  @Test
  void anImageNameThatIsNoneIsAtItsWord() {
    assertThat(TestBuild.of("FROM --platform=linux/amd64 A!B\n").failure().at())
        .hasToString("Optional[Dockerfile:1:29]");
  }

  @Test
  void anEmptySourceBlamesAVariableOnlyIfThereIsOne() {
    assertThat(TestBuild.of("FROM scratch\nCOPY \"\" /x\n").failure().message())
        .isEqualTo("COPY has an empty source");
  }

  @Test
  void everyBadPortIsTold() {
    var failure = TestBuild.of("FROM scratch\nEXPOSE x 80 70000 1-\n").failure();

    assertThat(failure.at()).hasToString("Optional[Dockerfile:2:8]");
    assertThat(failure.message()).startsWith("EXPOSE \"x\"");
    assertThat(failure.output().subList(1, failure.output().size()))
        .satisfiesExactly(
            second -> assertThat(second).startsWith("also Dockerfile:2:13: EXPOSE \"70000\""),
            third -> assertThat(third).startsWith("also Dockerfile:2:19: EXPOSE \"1-\""));
  }
}
