package dev.birgus.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.Finding;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.planner.service.TestBuild;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which stages a plan has, and what they are built on. */
class StagesTest {

  @Test
  void aStageOfAnImageHasAStepForEachInstruction() {
    assertThat(TestBuild.of("FROM debian\nENV A=b\nRUN echo $A\n").text())
        .isEqualTo(
            """
            stage-0 <- debian linux/amd64
              ENV A=b
              RUN /bin/sh -c echo $A
                run [/bin/sh, -c, echo $A] {A=b} in /
            """);
  }

  @Test
  void stagesNobodyNeedsAreNotPlannedAndTheirImagesNotLookedUp() {
    var build =
        TestBuild.of(
            """
            FROM nowhere.example/missing AS unused
            RUN false
            FROM scratch AS files
            FROM scratch
            COPY --from=files / /
            """);

    assertThat(build.plan().stages()).extracting(Stage::name).containsExactly("files", "stage-2");
    assertThat(build.images.asked()).isEmpty();
  }

  @Test
  void stageNamesAreNotCaseSensitive() {
    assertThat(TestBuild.of("FROM scratch AS Build\nFROM BUILD\nCOPY --from=bUILD a b\n").text())
        .isEqualTo(
            """
            build <- scratch
            stage-1 <- stage build
              COPY a b
                copy stage build[a] to /b
            """);
  }

  @Test
  void theTargetIsAStageNamedInAnyCase() {
    var plan =
        TestBuild.of("FROM scratch AS one\nFROM scratch AS two\nRUN x\n").target("ONE").plan();

    assertThat(plan.stages()).extracting(Stage::name).containsExactly("one");
  }

  @Test
  void theTargetMayBeANumber() {
    var plan = TestBuild.of("FROM scratch AS one\nFROM one AS two\nRUN x\n").target("0").plan();

    assertThat(plan.stages()).extracting(Stage::name).containsExactly("one");
  }

  @Test
  void aTargetThatIsNoStageIsRefusedWithTheStagesThereAre() {
    var failure = TestBuild.of("FROM scratch AS one\nFROM scratch\n").target("tow").failure();

    assertThat(failure.name()).isEqualTo("no-such-target");
    assertThat(failure.advice()).contains("one, stage-1");
  }

  @Test
  void aNumberInFromIsAnImage() {
    var build = TestBuild.of("FROM scratch\nFROM 0\n").image("0", "{}");

    assertThat(build.text()).isEqualTo("stage-1 <- 0 linux/amd64\n");
  }

  @Test
  void aNumberInCopyFromIsAStage() {
    assertThat(TestBuild.of("FROM scratch\nFROM scratch\nCOPY --from=0 a b\n").text())
        .contains("copy stage stage-0[a] to /b");
  }

  @Test
  void copyFromALaterStageIsRefused() {
    var failure =
        TestBuild.of("FROM scratch\nCOPY --from=later a b\nFROM scratch AS later\n")
            .target("0")
            .failure();

    assertThat(failure.name()).isEqualTo("forward-reference");
    assertThat(failure.at()).hasToString("Optional[Dockerfile:2:6]");
  }

  @Test
  void copyFromTheStageItselfIsRefused() {
    assertThat(TestBuild.of("FROM scratch AS me\nCOPY --from=me a b\n").failure().name())
        .isEqualTo("forward-reference");
    assertThat(TestBuild.of("FROM scratch AS me\nCOPY --from=0 a b\n").failure().name())
        .isEqualTo("forward-reference");
    assertThat(TestBuild.of("FROM scratch AS me\nCOPY --from=7 a b\n").failure().name())
        .isEqualTo("forward-reference");
  }

  @Test
  void anImageMayHaveTheNameOfItsOwnStage() {
    assertThat(TestBuild.of("FROM debian AS debian\nRUN x\n").text())
        .startsWith("debian <- debian linux/amd64");
  }

  @Test
  void fromALaterStageThatIsNoImageSaysWhatWasMeant() {
    var failure = TestBuild.of("FROM later\nFROM scratch AS later\n").target("0").failure();

    assertThat(failure.name()).isEqualTo("no-such-image");
    assertThat(failure.advice()).contains("stage later begins at Dockerfile:2");
    assertThat(failure.at()).hasToString("Optional[Dockerfile:1:6]");
  }

  @Test
  void equalStagesAreOnePieceOfWork() {
    var plan =
        TestBuild.of(
                """
                FROM debian AS one
                RUN make
                FROM debian AS two
                RUN make
                FROM scratch
                COPY --from=one /a /a
                COPY --from=two /b /b
                """)
            .plan();

    assertThat(plan.stages()).extracting(Stage::name).containsExactly("one", "stage-2");
  }

  @Test
  void copyFromAnImageThatIsNoStage() {
    assertThat(
            TestBuild.of("FROM scratch\nCOPY --from=tools:1 /bin/* /bin/\n")
                .image("tools:1", "{}")
                .text())
        .contains("copy image tools:1[bin/*] into /bin");
  }

  @Test
  void variablesAreNotExpandedInCopyFrom() {
    assertThat(
            TestBuild.of("ARG X=a\nFROM scratch AS a\nFROM scratch\nCOPY --from=$X a b\n")
                .failure()
                .at())
        .hasToString("Optional[Dockerfile:4:6]");
  }

  @Test
  void aNamedContextStandsForAnImageInFromAndCopy() {
    var layout = new ImageSource.FromLayout("/images/base", "");
    var build =
        TestBuild.of("FROM debian:latest\nCOPY --from=base a b\n")
            .namedImage("debian", layout)
            .namedImage("base", layout)
            .image("debian:latest", "{}");

    assertThat(build.text())
        .contains("<- debian:latest linux/amd64", "copy image debian:latest[a] to /b");
    assertThat(build.images.asked()).containsExactly("debian:latest for linux/amd64");
  }

  @Test
  void aNamedContextOfFilesIsCopiedFrom() {
    assertThat(
            TestBuild.of("FROM scratch\nCOPY --from=assets *.css /css/\n")
                .namedFiles("assets", "a.css")
                .text())
        .contains("copy assets[a.css] into /css");
  }

  @Test
  void aNamedContextOfFilesIsABaseWithThoseFiles() {
    var build = TestBuild.of("FROM assets\nRUN x\n").namedFiles("assets", "a.css");

    assertThat(build.text())
        .isEqualTo(
            """
            stage-0 <- scratch
              COPY . /
                copy assets[] into /
              RUN /bin/sh -c x
                run [/bin/sh, -c, x] {} in /
            """);
    assertThat(build.targetStage().config().platform()).hasToString("Optional[linux/amd64]");
  }

  @Test
  void theFilesOfABaseAreInTheStagesId() {
    var one = TestBuild.of("FROM assets\n").namedFiles("assets", "a.css").targetStage().id();
    var other = TestBuild.of("FROM assets\n").namedFiles("assets", "b.css").targetStage().id();

    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void aStageThatHasTheNameOfAContextIsThatContext() {
    var build =
        TestBuild.of(
                """
                FROM nowhere.example/missing AS base
                RUN false
                ONBUILD RUN false
                FROM base
                COPY --from=base a b
                COPY --from=0 c d
                """)
            .namedImage("base", new ImageSource.FromLayout("/images/base", ""))
            .image("base", "{}");

    assertThat(build.text())
        .isEqualTo(
            """
            base <- base linux/amd64
            stage-1 <- stage base
              COPY a b
                copy stage base[a] to /b
              COPY c d
                copy stage base[c] to /d
            """);
    assertThat(build.images.asked()).containsExactly("base for linux/amd64");
  }

  @Test
  void aTargetThatHasTheNameOfAContextIsThatContext() {
    assertThat(
            TestBuild.of("FROM debian AS assets\nRUN false\n")
                .target("assets")
                .namedFiles("assets", "a.css")
                .text())
        .startsWith("assets <- scratch\n  COPY . /\n")
        .doesNotContain("RUN");
  }

  @Test
  void aNumberInCopyFromIsAStageThoughAContextIsCalledSo() {
    assertThat(
            TestBuild.of("FROM scratch AS first\nFROM scratch\nCOPY --from=0 a b\n")
                .namedFiles("0", "a")
                .text())
        .contains("copy stage first[a] to /b");
  }

  @Test
  void scratchCannotBeReplaced() {
    assertThat(TestBuild.of("FROM scratch\n").namedFiles("scratch", "a").text())
        .isEqualTo("stage-0 <- scratch\n");
  }

  @Test
  void aNamedContextMayBeTheEmptyImage() {
    assertThat(TestBuild.of("FROM debian\nCOPY --from=none a b\n").namedNothing("none").failure())
        .extracting(failure -> failure.name())
        .isEqualTo("invalid-from");
    assertThat(TestBuild.of("FROM debian\n").namedNothing("debian").text())
        .isEqualTo("stage-0 <- scratch\n");
  }

  @Test
  void ofSeveralTargetsTheFirstIsTheImageAndAllAreBuilt() {
    var build =
        TestBuild.of(
                """
                FROM scratch AS one
                LABEL n=1
                FROM scratch AS unused
                RUN false
                FROM scratch AS three
                RUN three
                """)
            .label("given", "yes")
            .target("one", "THREE", "0");

    assertThat(build.plan().stages()).extracting(Stage::name).containsExactly("one", "three");
    assertThat(build.targetStage().name()).isEqualTo("one");
    assertThat(build.config()).contains("given");
    assertThat(build.plan().stages().getLast().config().json().toString()).doesNotContain("given");
  }

  @Test
  void everyTargetThatIsNoStageIsRefused() {
    assertThat(TestBuild.of("FROM scratch AS one\n").target("one", "two").failure().message())
        .contains("\"two\"");
  }

  @Test
  void aStageThatIsNotToBeCachedMustBeThere() {
    var dockerfile = "FROM scratch AS one\nFROM scratch\n";

    assertThat(TestBuild.of(dockerfile).uncached("ONE").plan().stages()).hasSize(1);
    var failure = TestBuild.of(dockerfile).uncached("one", "tow").failure();
    assertThat(failure.name()).isEqualTo("no-such-stage");
    assertThat(failure.message()).contains("--no-cache-filter=tow");
    assertThat(failure.advice()).contains("one, stage-1");
  }

  @Test
  void fromHonoursItsPlatform() {
    var build = TestBuild.of("FROM --platform=linux/arm64 debian\nRUN x\n");

    assertThat(build.text()).startsWith("stage-0 <- debian linux/arm64");
    assertThat(build.targetStage().config().json().string("architecture")).contains("arm64");
  }

  @Test
  void theBuildPlatformCanBeAskedFor() {
    assertThat(
            TestBuild.of("FROM --platform=$BUILDPLATFORM debian\n").platform("linux/s390x").text())
        .startsWith("stage-0 <- debian linux/arm64");
  }

  @Test
  void theVariantOfThePlatformIsInTheConfig() {
    var config = TestBuild.of("FROM scratch\n").platform("linux/arm/v7").targetStage().config();

    assertThat(config.platform()).hasToString("Optional[linux/arm/v7]");
  }

  @Test
  void anImageOfAnotherPlatformIsTakenWithAWarning() {
    assertThat(
            TestBuild.of("FROM odd\n")
                .image("odd", "{\"os\":\"linux\",\"architecture\":\"ppc64le\"}")
                .checked()
                .text())
        .contains("! odd is for linux/ppc64le, not for linux/amd64");
  }

  @Test
  void aPlatformThatIsNoneIsRefused() {
    assertThat(TestBuild.of("FROM --platform=amd64 debian\n").failure().name())
        .isEqualTo("invalid-platform");
  }

  @Test
  void anEmptyBaseNameIsRefused() {
    var failure = TestBuild.of("ARG BASE\nFROM $BASE\n").failure();

    assertThat(failure.name()).isEqualTo("no-base");
    assertThat(failure.at()).hasToString("Optional[Dockerfile:2:6]");
  }

  @Test
  void anInvalidImageNameIsRefused() {
    assertThat(TestBuild.of("FROM Debian/UPPER\n").failure().name())
        .isEqualTo("invalid-image-name");
  }

  @Test
  void severalMistakesAreToldTogether() {
    var failure =
        TestBuild.of("FROM scratch\nEXPOSE 99999\nSTOPSIGNAL NEVER\nCOPY nothing /x\n").failure();

    assertThat(failure.name()).isEqualTo("invalid-port");
    assertThat(failure.output())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("also Dockerfile:3:12: STOPSIGNAL NEVER"))
        .anyMatch(line -> line.startsWith("also Dockerfile:4:6: COPY nothing"));
  }

  @Test
  void mistakesInThePlanAreToldWithThoseOfTheSyntax() {
    var failure =
        TestBuild.of(
                """
                FROM debian AS one
                EXPOSE 80/upd
                RUNS x
                COPY --from=two a b
                USER $NOT_KNOWN
                EXPOSE $NEITHER/icmp
                FROM one AS two
                COPY --link=ture a b
                STOPSIGNAL SIGTREM
                """)
            .failure();

    assertThat(failure.message()).contains("80/upd");
    assertThat(failure.output())
        .containsExactly(
            "EXPOSE 80/upd",
            "also Dockerfile:3: there is no instruction \"RUNS\" (did you mean RUN?)",
            "also Dockerfile:4:6: --from=two is not an earlier stage (a stage takes files of the"
                + " stages before it only; move it up)",
            "also Dockerfile:8:6: --link is \"ture\", neither true nor false (did you mean"
                + " --link=true?)",
            "also Dockerfile:9:12: STOPSIGNAL SIGTREM is no signal (did you mean SIGTERM?)");
  }

  @Test
  void whereAFromCannotBeReadOnlyTheSyntaxIsLookedAt() {
    var failure = TestBuild.of("FROM a\nFRMO b\nEXPOSE x\n").failure();

    assertThat(failure.message()).contains("FRMO");
    assertThat(failure.output()).containsExactly("FRMO b");
  }

  @Test
  void moreMistakesThanFitAreCounted() {
    var failure = TestBuild.of("FROM scratch\n" + "RUNN x\n".repeat(40)).failure();

    assertThat(failure.output()).hasSize(20).last().isEqualTo("also 21 other mistakes");
  }

  @Test
  void aDockerfileOfTooManyStagesIsRefused() {
    assertThat(TestBuild.of("FROM scratch\n".repeat(5001)).failure().name())
        .isEqualTo("plan-too-large");
  }

  @Test
  void aDockerfileWhoseVariablesFillTheMemoryIsRefused() {
    var text = new StringBuilder("FROM scratch\n");
    for (var i = 0; i < 3000; i++) {
      text.append("ENV v").append(i).append("=x\n");
    }
    text.append("RUN x\n".repeat(3000));

    assertThat(TestBuild.of(text.toString()).failure().name()).isEqualTo("plan-too-large");
  }

  /** The limit is far from what it takes, and far below what it would with quadratic work. */
  @Test
  @Timeout(60)
  void aMegabyteIsReadAndPlanned() {
    var text = new StringBuilder("FROM debian\n");
    for (var i = 0; text.length() < 1 << 20; i++) {
      text.append("ENV v").append(i).append("=\"a $v").append(i - 1).append("\"\n");
      text.append("LABEL l").append(i).append("=${v0:-x}\nEXPOSE ").append(i % 65536).append('\n');
      text.append("# a comment \\\n  WORKDIR /w \\\n\n  # another\n  x\nUSER u")
          .append(i)
          .append('\n');
    }
    var env = TestBuild.of(text.toString().replace("\"a $v", "\"$w")).targetStage().config().env();

    assertThat(env).hasSizeGreaterThan(5_000);
  }

  @Test
  void anImageThatDoesNotSayWhatItIsForIsTakenOnTrustWithAWarning() {
    assertThat(
            TestBuild.of("FROM --platform=linux/riscv64 archive\n")
                .image("archive", "{\"os\":\"\"}")
                .checked()
                .plan()
                .warnings())
        .extracting(Finding::message)
        .contains("archive does not say what it is for and is taken to be for linux/riscv64");
  }

  @Test
  void aMisspeltStageIsSuggestedWhereNoImageHasTheName() {
    var copied = TestBuild.of("FROM scratch AS build\nFROM scratch\nCOPY --from=biuld a b\n");
    var based = TestBuild.of("FROM scratch AS build\nFROM biuld\n");
    var unlike = TestBuild.of("FROM scratch AS build\nFROM scratch\nCOPY --from=other a b\n");

    assertThat(copied.failure().advice()).isEqualTo("did you mean the stage build?");
    assertThat(based.failure().advice()).isEqualTo("did you mean the stage build?");
    assertThat(unlike.failure().advice())
        .isEqualTo(
            "no stage before this one is called other (but build): it is taken for an image");
  }
}
