package dev.birgus.planner.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.lint.Rule;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What builds and checks make of findings. */
class BuildChecksTest {

  @Test
  void findingsAreWarningsOfThePlanInTheOrderOfTheFile() {
    var plan = TestBuild.of("FROM scratch as Base\nCMD x\nWORKDIR y\n").checked().plan();

    assertThat(plan.warnings())
        .extracting(Finding::name)
        .containsExactly(
            "StageNameCasing", "FromAsCasing", "JSONArgsRecommended", "WorkdirRelativePath");
    assertThat(plan.warnings().get(2).at()).hasToString("Optional[Dockerfile:2]");
  }

  @Test
  void aNearMissIsSuggested() {
    var plan =
        TestBuild.of("ARG VERSION=1\nFROM debian${VERSON}\nENV PATH=$PAHT:/x\n")
            .image("debian", "{\"config\":{\"Env\":[\"PATH=/bin\"]}}")
            .checked()
            .plan();

    assertThat(plan.warnings())
        .extracting(Finding::message)
        .containsExactly(
            "FROM uses \"$VERSON\", which no ARG before the first FROM declares"
                + " (did you mean $VERSION?)",
            "the variable \"$PAHT\" is not defined (did you mean $PATH?)");
  }

  @Test
  void aVariableIsNoMisspellingOfItself() {
    var build =
        TestBuild.of("FROM debian\nENV LD_PATH=/a:$LD_PATH\nENV B=$C C=c\nARG D=$D\n").checked();

    assertThat(build.plan().warnings())
        .extracting(Finding::message)
        .containsExactly(
            "the variable \"$LD_PATH\" is not defined",
            "the variable \"$C\" is not defined",
            "the variable \"$D\" is not defined");
  }

  @Test
  void aBuildKnowsWhatItsBaseImageSets() {
    var image = "{\"config\":{\"Env\":[\"HOME_DIR=/h\"],\"Shell\":[\"ash\"]}}";
    var build = TestBuild.of("FROM base\nWORKDIR $HOME_DIR\nENV A=$HOME_DIRS\nENV B=$C\nCMD x\n");

    assertThat(names(build.image("base", image).checked().plan().warnings()))
        .containsExactly("UndefinedVar 3", "UndefinedVar 4");
  }

  @Test
  void aBuildLooksIntoTheStagesItNeedsAndACheckIntoAll() {
    var build = TestBuild.of("FROM scratch AS other\nCMD x\nFROM scratch\nCMD y\n").checked();

    assertThat(names(build.plan().warnings())).containsExactly("JSONArgsRecommended 4");
    assertThat(names(check(build).findings()))
        .containsExactly("JSONArgsRecommended 2", "JSONArgsRecommended 4");
    assertThat(names(check(build.target("other")).findings()))
        .containsExactly("JSONArgsRecommended 2");
  }

  @Test
  void aBuildTellsOfTheFormAndTheBaseOfEveryStage() {
    var build =
        TestBuild.of("FROM a:$V AS b\nmaintainer me\nENV c d\nFROM scratch\nENV e f\n").checked();

    assertThat(names(build.plan().warnings()))
        .containsExactly(
            "UndefinedArgInFrom 1",
            "InvalidDefaultArgInFrom 1",
            "MaintainerDeprecated 2",
            "ConsistentInstructionCasing 2",
            "LegacyKeyValueFormat 5");
  }

  @Test
  void triggersOfABaseImageDefineVariables() {
    var image = "{\"config\":{\"OnBuild\":[\"ARG V=1\",\"ENV W=2\"]}}";
    var build = TestBuild.of("FROM base\nLABEL l=$V$W$X\n").image("base", image).checked();

    assertThat(build.plan().warnings()).singleElement().matches(f -> f.message().contains("$X"));
  }

  @Test
  void theDirectiveSkipsAndTheBuildArgumentTakesItsPlace() {
    var build = TestBuild.of("# check=skip=JSONArgsRecommended\nFROM scratch as a\nCMD x\n");

    assertThat(names(build.checked().plan().warnings())).containsExactly("FromAsCasing 2");
    assertThat(names(build.arg("BUILDKIT_DOCKERFILE_CHECK", "skip=FromAsCasing").plan().warnings()))
        .containsExactly("JSONArgsRecommended 3");
  }

  @Test
  void aCommentSkipsForTheInstructionBelowIt() {
    var build =
        TestBuild.of(
                """
                FROM scratch AS a
                # check=skip=JSONArgsRecommended why not
                # more
                CMD x
                FROM a
                # check=nothing
                CMD x
                """)
            .checked();

    assertThat(names(check(build).findings())).containsExactly("JSONArgsRecommended 7");
  }

  @Test
  void findingsFailTheBuildBeforeItAsksForAnImage() {
    var build = TestBuild.of("# check=error=true\nFROM debian as a\nRUN x\nCMD y\n").checked();

    var failure = build.failure();

    assertThat(failure.name()).isEqualTo("build-checks-failed");
    assertThat(failure.message()).endsWith("FromAsCasing, JSONArgsRecommended");
    assertThat(failure.at()).hasToString("Optional[Dockerfile:2]");
    assertThat(failure.output()).hasSize(2).last().asString().startsWith("Dockerfile:4: CMD");
    assertThat(build.images.asked()).isEmpty();
  }

  @Test
  void birgusOwnChecksAreSkippedLikeAllOthers() {
    for (var name : OWN) {
      // then
      assertThat(names(own("").plan().warnings())).anyMatch(one -> one.startsWith(name));
      assertThat(names(own("skip=" + name).plan().warnings()))
          .noneMatch(one -> one.startsWith(name) || one.startsWith("unknown-check"));
    }
    assertThat(own("skip=all").plan().warnings()).isEmpty();
    assertThat(check(own("skip=all")).isClean()).isTrue();
    assertThat(check(own("")).passes()).isFalse();
  }

  @Test
  void aCommentSkipsBirgusOwnChecksToo() {
    var build =
        TestBuild.of("FROM scratch\n# check=skip=InvalidJsonForm\nRUN [\"a\"\nRUN [\"b\"\n");

    assertThat(names(check(build.checked()).findings())).containsExactly("InvalidJsonForm 4");
  }

  @Test
  void notesFailNothing() {
    var build =
        TestBuild.of("# syntax=foo/bar:1\n# check=error=true\nFROM scratch\n")
            .arg("NOBODY", "x")
            .checked();

    assertThat(names(build.plan().warnings()))
        .containsExactly("UnusedBuildArg", "SyntaxFrontendIgnored 1");
    assertThat(check(build).isClean()).isFalse();
    assertThat(check(build).passes()).isTrue();
  }

  @Test
  void birgusOwnChecksFailTheBuildIfFindingsAreTo() {
    assertThat(own("error=true").failure().message())
        .endsWith("PlatformOfStage, InvalidJsonForm, HealthcheckNoneFlags");
  }

  private static final List<String> OWN =
      Arrays.stream(Rule.values()).filter(Rule::own).map(Rule::ruleName).toList();

  /** What each of birgus's own checks finds something in. */
  private static TestBuild own(String options) {
    return TestBuild.of(
            """
            # syntax=foo/bar:1
            FROM anything AS a
            ARG WHO
            FROM --platform=$BUILDPLATFORM a
            COPY b *.o /x/
            RUN ["a"
            HEALTHCHECK --retries=1 NONE
            USER $WHO
            """)
        .image("anything", "{\"os\":\"\"}")
        .files("b")
        .excluded("c.o")
        .arg("NOBODY", "x")
        .arg("BUILDKIT_DOCKERFILE_CHECK", options);
  }

  @Test
  void whatOnlyTheImageShowsFailsTheBuildToo() {
    var build =
        TestBuild.of("# check=error=true\nFROM odd\n")
            .image("odd", "{\"os\":\"linux\",\"architecture\":\"ppc64le\"}")
            .checked();

    assertThat(build.failure().message()).endsWith("InvalidBaseImagePlatform");
    assertThat(build.arg("BUILDKIT_DOCKERFILE_CHECK", "error=true;skip=all").plan().warnings())
        .isEmpty();
  }

  @Test
  void aBuildWithoutFindingsDoesNotFail() {
    assertThat(TestBuild.of("# check=error=true\nFROM debian\n").checked().plan().warnings())
        .isEmpty();
  }

  @Test
  void optionsThatAreNoneAreRefusedWithTheirLine() {
    assertThat(TestBuild.of("# check=skpi=all\nFROM scratch\n").checked().failure().at())
        .hasToString("Optional[Dockerfile:1]");
    assertThat(check(TestBuild.of("# check=skpi=all\nFROM scratch\n").checked()).errors())
        .hasSize(1);
    assertThat(
            TestBuild.of("FROM scratch\n").arg("BUILDKIT_DOCKERFILE_CHECK", "x").failure().name())
        .isEqualTo("invalid-check-option");
  }

  @Test
  void aSkippedNameOfNoRuleIsTold() {
    var build = TestBuild.of("# check=skip=FromAsCase\nFROM scratch\n").checked();

    assertThat(names(check(build).findings())).containsExactly("unknown-check 1");
  }

  @Test
  void anIgnoredSourceIsFoundIfAskedFor() {
    var build =
        TestBuild.of(
                """
                # check=experimental=CopyIgnoredFile
                FROM scratch
                COPY a b/ /x/
                ADD ./c/d https://e.example/f /
                COPY * g* /y/
                COPY --from=debian a /
                """)
            .files("b", "k")
            .excluded("a")
            .excluded("c")
            .checked();

    assertThat(names(check(build).findings()))
        .containsExactly("CopyIgnoredFile 3", "CopyIgnoredFile 4");
  }

  @Test
  void aCheckTellsOfErrorsBesideItsFindings() {
    var broken = TestBuild.of("FROM scratch as a\nFLY away\nCMD x\nCOPY a\n").checked();
    var unknown = TestBuild.of("FROM scratch as a\nCOPY --from=a b c\n").checked();

    assertThat(check(broken).errors())
        .extracting(failure -> failure.at().orElseThrow().line())
        .containsExactly(2, 4);
    assertThat(names(check(broken).findings())).containsExactly("FromAsCasing 1");
    assertThat(check(unknown).errors()).singleElement().matches(f -> f.name().contains("forward"));
  }

  @Test
  void aCheckTellsOfMistakesNoImageIsNeededToSee() {
    var build = TestBuild.of("FROM nowhere.example/x\nEXPOSE x\nSTOPSIGNAL NONE\n").checked();

    assertThat(check(build).errors())
        .extracting(failure -> failure.at().orElseThrow().line())
        .containsExactly(2, 3);
  }

  @Test
  void aCleanDockerfileIsClean() {
    var build =
        TestBuild.of(
                """
                # syntax=docker/dockerfile:1
                ARG VERSION=1.0

                # build makes it
                FROM --platform=$BUILDPLATFORM golang:${VERSION} AS build
                ARG TARGETOS TARGETARCH
                WORKDIR /src
                COPY . .
                RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .

                FROM scratch
                COPY --from=build /app /app
                COPY <<EOF <<'EOT' /etc/
                path=$PATH \\$HOME
                EOF
                $whatever
                EOT
                EXPOSE 80 53/udp
                ENTRYPOINT ["/app"]
                """)
            .checked();

    assertThat(check(build).findings()).isEmpty();
    assertThat(build.images.asked()).isEmpty();
  }

  @Test
  void whatAHeredocReplacesIsLookedAt() {
    var build = TestBuild.of("FROM scratch\nRUN <<EOF\n$a\nEOF\nCOPY <<EOF /f\n${b:-$c}\nEOF\n");

    assertThat(check(build.checked()).findings().toString()).doesNotContain("$a");
  }

  @Test
  void noDockerfileMakesTheChecksFailOrTakeLong() {
    var random = new Random(4711);
    var pieces =
        List.of(
            "FROM a",
            " AS b\n",
            "ARG A",
            "=$B",
            "ENV C=",
            "${D:-",
            "}",
            "\n",
            "COPY $E ",
            " f\n",
            "EXPOSE 1:2/TCP ",
            "WORKDIR x\n",
            "CMD y\n",
            "# check=",
            "skip=",
            "error=1",
            ";",
            "# z\n",
            "\\\n",
            "\"",
            "'",
            "RUN --mount=$F ",
            "<<EOF\n",
            "EOF\n",
            "LABEL ",
            "FROM $G\n",
            "\u0000");
    for (var i = 0; i < 2000; i++) {
      var text = new StringBuilder();
      for (var n = random.nextInt(20); n >= 0; n--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      assertThat(check(TestBuild.of(text.toString()).checked())).as(text.toString()).isNotNull();
    }
    var many = new StringBuilder("FROM scratch\n");
    for (var i = 0; i < 30_000; i++) {
      many.append("ENV TOKEN_").append(i).append("=$NAME_").append(i).append('x').append('\n');
    }
    assertThat(check(TestBuild.of(many.toString()).checked()).findings()).hasSizeLessThan(1100);
    var stages =
        "FROM scratch AS a\nENV " + "x=1 ".repeat(20_000) + "\n" + "FROM a\n".repeat(50_000);
    assertThat(check(TestBuild.of(stages).checked())).isNotNull();
  }

  private static CheckReport check(TestBuild build) {
    return new DockerfileChecking(build.contexts, Platform.of("linux", "amd64"))
        .check(build.request());
  }

  private static List<String> names(List<Finding> findings) {
    return findings.stream()
        .map(finding -> finding.name() + finding.at().map(at -> " " + at.line()).orElse(""))
        .toList();
  }
}
