package dev.birgus.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.planner.service.TestBuild;
import org.junit.jupiter.api.Test;

/** What variables are worth, where. */
class VariablesTest {

  @Test
  void anArgumentIsSeenByRunAndNotKeptInTheImage() {
    var build = TestBuild.of("FROM scratch\nARG A=1\nRUN x\n");

    assertThat(build.text())
        .contains("  ARG A=1\n  RUN |1 A=1 /bin/sh -c x\n    run [/bin/sh, -c, x] {A=1} in /\n");
    assertThat(build.targetStage().config().env()).containsOnlyKeys("PATH");
  }

  @Test
  void aBuildArgWinsOverTheDefault() {
    assertThat(TestBuild.of("FROM scratch\nARG A=1\nLABEL a=$A\n").arg("A", "2").text())
        .contains("ARG A=2\n", "LABEL a=2");
  }

  @Test
  void anEmptyBuildArgWinsToo() {
    assertThat(TestBuild.of("FROM scratch\nARG A=1\nLABEL a=<$A>\n").arg("A", "").text())
        .contains("LABEL a=<>");
  }

  @Test
  void aDefaultIsNotLookedAtWhereABuildArgWins() {
    assertThat(TestBuild.of("FROM scratch\nARG A=${B:?}\nLABEL a=$A\n").arg("A", "2").text())
        .contains("LABEL a=2");
    assertThat(TestBuild.of("ARG A=${B:?}\nFROM $A\n").arg("A", "debian").text())
        .contains("<- debian");
  }

  @Test
  void argumentsOfOneInstructionSeeThoseBeforeThem() {
    assertThat(TestBuild.of("ARG A=deb B=${A}ian\nFROM $B\nARG C=1 D=$C$E E=3\n").text())
        .contains("<- debian", "ARG C=1 D=1 E=3");
  }

  @Test
  void theHistoryOfAnArgumentWithoutValueNamesItAlone() {
    assertThat(TestBuild.of("FROM scratch\nARG A B=\nRUN x\n").text())
        .contains("  ARG A B=\n  RUN |2 A= B= /bin/sh -c x\n");
  }

  @Test
  void argumentsForTheBuilderAreSeenByNobody() {
    assertThat(
            TestBuild.of(
                    """
                    FROM scratch
                    ARG BUILDKIT_SBOM_SCAN_STAGE=true
                    LABEL a=<$BUILDKIT_SBOM_SCAN_STAGE>
                    RUN x
                    """)
                .arg("BUILDKIT_INLINE_CACHE", "1")
                .arg("SOURCE_DATE_EPOCH", "1")
                .text())
        .contains("LABEL a=<>", "run [/bin/sh, -c, x] {} in /")
        .doesNotContain("!");
  }

  @Test
  void whatConfiguresBuildKitAloneIsWarnedOf() {
    assertThat(TestBuild.of("FROM scratch\n").arg("BUILDKIT_SYNTAX", "x/y").text())
        .contains(
            "! the build argument BUILDKIT_SYNTAX configures BuildKit and has no effect here");
  }

  @Test
  void theTargetStageIsTheNameOfTheLastOneUnlessAnotherIsAskedFor() {
    var file = "FROM scratch AS one\nARG TARGETSTAGE\nLABEL s=$TARGETSTAGE\nFROM one AS two\n";
    assertThat(TestBuild.of(file).text()).contains("LABEL s=two");
    assertThat(TestBuild.of(file).target("one").text()).contains("LABEL s=one");
    assertThat(TestBuild.of("FROM scratch\nARG TARGETSTAGE\n").text())
        .contains("ARG TARGETSTAGE=default");
  }

  @Test
  void anArgumentOfOneStageDoesNotLeakIntoAnother() {
    assertThat(
            TestBuild.of(
                    """
                    FROM scratch AS one
                    ARG A=leaked
                    FROM scratch
                    COPY --from=one a b
                    LABEL a=<$A>
                    RUN x
                    """)
                .text())
        .contains("LABEL a=<>", "run [/bin/sh, -c, x] {} in /");
  }

  @Test
  void aStageBuiltOnAnotherInheritsItsArguments() {
    assertThat(TestBuild.of("FROM scratch AS one\nARG A=1\nFROM one\nLABEL a=$A\nRUN x\n").text())
        .contains("LABEL a=1", "RUN |1 A=1 /bin/sh -c x");
  }

  @Test
  void aGlobalArgumentIsUsableInFromAndNotInAStage() {
    assertThat(TestBuild.of("ARG BASE=debian\nFROM $BASE\nLABEL base=<$BASE>\n").text())
        .contains("<- debian", "LABEL base=<>");
  }

  @Test
  void aGlobalArgumentDeclaredAgainHasItsGlobalValue() {
    assertThat(TestBuild.of("ARG V=1\nFROM scratch\nARG V\nLABEL v=$V\n").text())
        .contains("  ARG V=1\n  LABEL v=1");
  }

  @Test
  void aDefaultInTheStageWinsOverTheGlobalValue() {
    assertThat(TestBuild.of("ARG V=1\nFROM scratch\nARG V=2\nLABEL v=$V\n").text())
        .contains("LABEL v=2");
  }

  @Test
  void globalArgumentsMayUseEachOther() {
    assertThat(TestBuild.of("ARG N=deb\nARG BASE=${N}ian\nFROM $BASE\n").text())
        .contains("<- debian");
  }

  @Test
  void aVariableIsResolvedOncePerInstruction() {
    assertThat(
            TestBuild.of("FROM scratch\nENV abc=hello\nENV abc=bye def=$abc\nENV ghi=$abc\n")
                .text())
        .contains("ENV abc=bye def=hello", "ENV ghi=bye");
  }

  @Test
  void anEnvironmentVariableHidesAnArgumentDeclaredBeforeIt() {
    assertThat(TestBuild.of("FROM scratch\nARG V=1\nENV V=2\nRUN x\n").arg("V", "3").text())
        .contains("run [/bin/sh, -c, x] {V=2} in /");
  }

  @Test
  void theLaterOfArgumentAndVariableWins() {
    assertThat(TestBuild.of("FROM scratch\nENV V=2\nARG V=1\nLABEL v=$V\n").text())
        .contains("LABEL v=1");
  }

  @Test
  void anArgumentWithoutValueLeavesTheVariableAlone() {
    assertThat(TestBuild.of("FROM scratch\nENV V=2\nARG V\nLABEL v=$V\n").text())
        .contains("LABEL v=2");
  }

  @Test
  void anEnvironmentVariableMayKeepAnArgument() {
    assertThat(
            TestBuild.of("FROM scratch\nARG V\nENV V=${V:-v1.0}\n")
                .arg("V", "v2")
                .targetStage()
                .config()
                .env())
        .containsEntry("V", "v2");
  }

  @Test
  void variablesOfTheBaseImageAreSeen() {
    assertThat(
            TestBuild.of("FROM java\nLABEL home=$JAVA_HOME\n")
                .image("java", "{\"config\":{\"Env\":[\"JAVA_HOME=/jdk\"]}}")
                .text())
        .contains("LABEL home=/jdk");
  }

  @Test
  void platformArgumentsAreGlobalAndMustBeDeclaredInAStage() {
    var text =
        TestBuild.of(
                """
                FROM scratch
                LABEL undeclared=<$TARGETARCH>
                ARG TARGETPLATFORM TARGETOS TARGETARCH TARGETVARIANT BUILDPLATFORM BUILDARCH
                LABEL t=$TARGETPLATFORM,$TARGETOS,$TARGETARCH,$TARGETVARIANT b=$BUILDPLATFORM,$BUILDARCH
                """)
            .platform("linux/arm/v7")
            .text();

    assertThat(text)
        .contains("LABEL undeclared=<>")
        .contains("LABEL t=linux/arm/v7,linux,arm,v7 b=linux/arm64,arm64");
  }

  @Test
  void proxiesReachRunButNeitherHistoryNorImageNorOtherInstructions() {
    var build =
        TestBuild.of("FROM scratch\nLABEL p=<$HTTP_PROXY>\nRUN x\n").arg("HTTP_PROXY", "http://p");

    assertThat(build.text())
        .contains("LABEL p=<>", "  RUN /bin/sh -c x\n")
        .contains("run [/bin/sh, -c, x] {HTTP_PROXY=http://p, http_proxy=http://p} in /")
        .doesNotContain("!");
    assertThat(build.targetStage().config().env()).containsOnlyKeys("PATH");
  }

  @Test
  void aProxyInTheEnvironmentWinsOverTheArgument() {
    assertThat(
            TestBuild.of("FROM scratch\nENV http_proxy=mine\nRUN x\n")
                .arg("http_proxy", "given")
                .text())
        .contains("{http_proxy=mine, HTTP_PROXY=given}");
  }

  @Test
  void aBuildArgNobodyDeclaresIsWarnedOf() {
    assertThat(
            TestBuild.of("FROM scratch\nARG A\n").arg("A", "1").arg("TYPO", "2").checked().text())
        .contains("! one or more build-args were not consumed: TYPO\n");
  }

  @Test
  void aPlatformArgumentCanBeGiven() {
    assertThat(
            TestBuild.of("FROM --platform=$TARGETPLATFORM debian\n")
                .arg("TARGETPLATFORM", "linux/riscv64")
                .text())
        .isEqualTo("stage-0 <- debian linux/riscv64\n");
  }

  @Test
  void commandsAreNotExpanded() {
    assertThat(
            TestBuild.of(
                    """
                    FROM scratch
                    ENV A=1
                    RUN ["echo", "$A"]
                    CMD echo $A
                    ENTRYPOINT ["$A"]
                    ONBUILD RUN echo $A
                    """)
                .text())
        .contains(
            "run [echo, $A]",
            "CMD [\"/bin/sh\" \"-c\" \"echo $A\"]",
            "ENTRYPOINT [\"$A\"]",
            "ONBUILD RUN echo $A");
  }

  @Test
  void theEscapeDirectiveHoldsForWordsToo() {
    assertThat(TestBuild.of("# escape=`\nFROM scratch\nENV A=1\nLABEL a=`$A b=$A\n").text())
        .contains("LABEL a=$A b=1");
  }
}
