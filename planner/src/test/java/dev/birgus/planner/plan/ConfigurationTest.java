package dev.birgus.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.planner.service.TestBuild;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the instructions make of the image's configuration. */
class ConfigurationTest {

  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  @Test
  void shellFormsAreWrappedInTheShell() {
    assertThat(TestBuild.of("FROM scratch\nCMD a  b\n").config())
        .isEqualTo("{\"Cmd\":[\"/bin/sh\",\"-c\",\"a  b\"],\"ArgsEscaped\":true}");
  }

  @Test
  void shellChangesTheShellOfLaterInstructions() {
    assertThat(
            TestBuild.of("FROM scratch\nSHELL [\"/bin/bash\", \"-ec\"]\nRUN a\nENTRYPOINT b\n")
                .text())
        .contains(
            "SHELL [/bin/bash -ec]",
            "RUN /bin/bash -ec a",
            "ENTRYPOINT [\"/bin/bash\" \"-ec\" \"b\"]");
  }

  @Test
  void theShellOfTheBaseImageIsInherited() {
    assertThat(
            TestBuild.of("FROM win\nRUN dir\n")
                .image("win", "{\"config\":{\"Shell\":[\"/bin/zsh\",\"-c\"]}}")
                .text())
        .contains("RUN /bin/zsh -c dir");
  }

  @Test
  void theCommandOfTheBaseImageIsInherited() {
    assertThat(TestBuild.of("FROM debian\nUSER x\n").config())
        .isEqualTo("{\"Cmd\":[\"bash\"],\"User\":\"x\"}");
  }

  @Test
  void anEntrypointClearsTheInheritedCommand() {
    assertThat(TestBuild.of("FROM debian\nENTRYPOINT [\"e\"]\n").config())
        .isEqualTo("{\"Entrypoint\":[\"e\"]}");
  }

  @Test
  void anEntrypointKeepsTheCommandOfItsOwnStage() {
    assertThat(TestBuild.of("FROM debian\nCMD [\"c\"]\nENTRYPOINT [\"e\"]\n").config())
        .isEqualTo("{\"Cmd\":[\"c\"],\"ArgsEscaped\":true,\"Entrypoint\":[\"e\"]}");
  }

  @Test
  void anEntrypointClearsTheCommandOfTheStageItIsBuiltOn() {
    assertThat(TestBuild.of("FROM debian AS a\nCMD [\"c\"]\nFROM a\nENTRYPOINT [\"e\"]\n").config())
        .isEqualTo("{\"ArgsEscaped\":true,\"Entrypoint\":[\"e\"]}");
  }

  @Test
  void anEmptyEntrypointTakesTheInheritedOneAway() {
    assertThat(
            TestBuild.of("FROM tool\nENTRYPOINT []\nCMD [\"sh\"]\n")
                .image("tool", "{\"config\":{\"Entrypoint\":[\"tool\"]}}")
                .config())
        .isEqualTo("{\"Cmd\":[\"sh\"],\"ArgsEscaped\":true}");
  }

  @Test
  void portsAreNormalisedAndRangesExpanded() {
    assertThat(TestBuild.of("FROM scratch\nEXPOSE 80 53/UDP 9/sctp 8000-8002\n").config())
        .isEqualTo(
            "{\"ExposedPorts\":{\"53/udp\":{},\"80/tcp\":{},\"8000/tcp\":{},\"8001/tcp\":{},"
                + "\"8002/tcp\":{},\"9/sctp\":{}}}");
  }

  @Test
  void aVariableMayHoldSeveralPorts() {
    assertThat(TestBuild.of("FROM scratch\nENV P=\"80 81\"\nEXPOSE $P\n").text())
        .contains("EXPOSE [80/tcp 81/tcp]");
  }

  @Test
  void aHostsPortIsLeftOutWithAWarning() {
    assertThat(TestBuild.of("FROM scratch\nEXPOSE 127.0.0.1:8080:80/udp\n").checked().text())
        .contains("EXPOSE [80/udp]", "! EXPOSE \"127.0.0.1:8080:80/udp\"");
  }

  @Test
  void portsThatAreNoneAreRefused() {
    for (var port : new String[] {"70000", "x", "80/icmp", "9-8", "1-"}) {
      var failure = TestBuild.of("FROM scratch\nEXPOSE " + port + "\n").failure();

      assertThat(failure.name()).as(port).isEqualTo("invalid-port");
      assertThat(failure.message()).contains(port);
    }
  }

  @Test
  void workingDirectoriesAreJoinedCleanedAndMade() {
    var build =
        TestBuild.of("FROM scratch\nUSER app\nWORKDIR /a/b/\nWORKDIR ../c\nENV D=d\nWORKDIR $D\n");

    assertThat(build.text())
        .contains(
            "WORKDIR /a/b\n    mkdir /a/b as app\n",
            "WORKDIR /a/c\n    mkdir /a/c as app\n",
            "WORKDIR /a/c/d\n");
    assertThat(build.config()).contains("\"WorkingDir\":\"/a/c/d\"");
  }

  @Test
  void aWorkingDirectoryStaysBelowTheRoot() {
    assertThat(TestBuild.of("FROM scratch\nWORKDIR ../../etc\n").config())
        .isEqualTo("{\"WorkingDir\":\"/etc\"}");
  }

  @Test
  void runHasUserAndWorkingDirectory() {
    assertThat(TestBuild.of("FROM scratch\nUSER 1:2\nWORKDIR /w\nRUN x\n").text())
        .contains("run [/bin/sh, -c, x] {} in /w as 1:2");
  }

  @Test
  void anEmptyUserIsRootWithAWarning() {
    var build = TestBuild.of("FROM scratch\nUSER app\nUSER $NOBODY\nRUN x\n").checked();

    assertThat(build.text())
        .contains("run [/bin/sh, -c, x] {} in /\n", "! USER $NOBODY names nobody, so it is root");
    assertThat(build.config()).isEqualTo("{}");
  }

  @Test
  void theRootAsWorkingDirectoryMakesNoLayer() {
    assertThat(TestBuild.of("FROM scratch\nWORKDIR /a\nWORKDIR ..\n").text())
        .endsWith("  WORKDIR /a\n    mkdir /a\n  WORKDIR /\n");
  }

  @Test
  void theHistoryShowsAHealthcheckAsItsFields() {
    assertThat(
            TestBuild.of(
                    """
                    FROM scratch
                    HEALTHCHECK --interval=1h1.5s --timeout=1500us --start-period=2m CMD a "b"
                    HEALTHCHECK --retries=3 CMD ["c", "d e"]
                    HEALTHCHECK NONE
                    """)
                .text())
        .contains(
            "  HEALTHCHECK {Test:[CMD-SHELL a \"b\"] Interval:1h0m1.5s Timeout:1.5ms StartPeriod:2m0s"
                + " StartInterval:0s Retries:0}\n",
            "  HEALTHCHECK {Test:[CMD c d e] Interval:0s Timeout:0s StartPeriod:0s"
                + " StartInterval:0s Retries:3}\n",
            "  HEALTHCHECK {Test:[NONE] Interval:0s");
  }

  @Test
  void theHistoryOfEnvAndLabelHasEveryAssignment() {
    assertThat(TestBuild.of("FROM scratch\nENV a=1 a=2\nLABEL $a=\"x y\" b=\n").text())
        .contains("  ENV a=1 a=2\n", "  LABEL 2=x y b=\n");
  }

  @Test
  void theHistoryOfExposeIsInTheOrderOfItsWords() {
    assertThat(TestBuild.of("FROM scratch\nEXPOSE 80 53/UDP 443/\n").text())
        .contains("EXPOSE [443/tcp 53/udp 80/tcp]");
    assertThat(TestBuild.of("FROM scratch\nEXPOSE $NOTHING\n").config()).isEqualTo("{}");
  }

  @Test
  void addressesOfExposeThatAreNoneAreRefused() {
    for (var word :
        new String[] {
          "1.2.3:80:80", "1.2.3.256:80:80", "x:80", "1:2:3:4-3", "70000:80", "[::1::]:80:80"
        }) {
      assertThat(TestBuild.of("FROM scratch\nEXPOSE " + word + "\n").failure().name())
          .as(word)
          .isEqualTo("invalid-port");
    }
    assertThat(
            TestBuild.of(
                    "FROM scratch\nEXPOSE [::1]:80-81:80-81 ::1:1:2 0.0.0.0::3 fe80::1.2.3.4:4:4\n")
                .config())
        .contains("80/tcp", "81/tcp", "\"2/tcp", "\"3/tcp", "\"4/tcp");
  }

  @Test
  void nearMissesOfProtocolsAndSignalsAreNamed() {
    assertThat(TestBuild.of("FROM scratch\nEXPOSE 80/upd\n").failure().advice())
        .isEqualTo("did you mean 80/udp?");
    assertThat(TestBuild.of("FROM scratch\nSTOPSIGNAL SIGTREM\n").failure().advice())
        .isEqualTo("did you mean SIGTERM?");
  }

  @Test
  void aHealthcheckKeepsEveryNumber() {
    assertThat(
            TestBuild.of(
                    """
                    FROM scratch
                    HEALTHCHECK --interval=1m30s --timeout=3s --start-period=5s --start-interval=100ms --retries=4 CMD curl -f x
                    """)
                .config())
        .isEqualTo(
            "{\"Healthcheck\":{\"Test\":[\"CMD-SHELL\",\"curl -f x\"],\"Interval\":90000000000,"
                + "\"Timeout\":3000000000,\"StartPeriod\":5000000000,\"StartInterval\":100000000,"
                + "\"Retries\":4}}");
  }

  @Test
  void aHealthcheckInExecFormAndNone() {
    assertThat(TestBuild.of("FROM scratch\nHEALTHCHECK CMD [\"a\",\"b\"]\n").config())
        .isEqualTo("{\"Healthcheck\":{\"Test\":[\"CMD\",\"a\",\"b\"]}}");
    assertThat(TestBuild.of("FROM scratch\nHEALTHCHECK NONE\n").config())
        .isEqualTo("{\"Healthcheck\":{\"Test\":[\"NONE\"]}}");
  }

  @Test
  void stopSignalsAreChecked() {
    for (var signal : new String[] {"SIGTERM", "term", "9", "SIGRTMIN+3", "RTMAX-1"}) {
      assertThat(TestBuild.of("FROM scratch\nSTOPSIGNAL " + signal + "\n").config())
          .isEqualTo("{\"StopSignal\":\"" + signal + "\"}");
    }
    for (var wrong : new String[] {"SIGNONE", "0", "65", "RTMIN+16"}) {
      assertThat(TestBuild.of("FROM scratch\nSTOPSIGNAL " + wrong + "\n").failure().name())
          .as(wrong)
          .isEqualTo("invalid-signal");
    }
  }

  @Test
  void volumesAndLabelsAreAddedToThoseOfTheBase() {
    assertThat(
            TestBuild.of("FROM base\nVOLUME /b [\"x\"]\nVOLUME [\"/a\"]\nLABEL z=1 a=2\n")
                .image(
                    "base",
                    "{\"config\":{\"Volumes\":{\"/v\":{}},\"Labels\":{\"m\":\"0\",\"z\":\"0\"}}}")
                .config())
        .contains("\"/a\":{},\"/b\":{}", "\"/v\":{}")
        .contains("\"Labels\":{\"a\":\"2\",\"m\":\"0\",\"z\":\"1\"}");
  }

  @Test
  void labelsOfTheRequestWinAndGoOnTheTargetAlone() {
    var plan =
        TestBuild.of("FROM scratch AS a\nLABEL l=file\nFROM a\nLABEL l=again\n")
            .label("l", "asked")
            .plan();

    assertThat(plan.stages().getFirst().config().labels()).containsEntry("l", "file");
    assertThat(plan.stages().getLast().config().labels()).containsEntry("l", "asked");
  }

  @Test
  void labelsOfTheDockerfileWinIfThatIsAskedForAsInKaniko() {
    var options =
        new BuildOptions(
            Optional.empty(), LayerCompression.DEFAULT, false, Map.of(), true, Grants.NONE);
    var plan =
        TestBuild.of("FROM base\nLABEL l=file\n")
            .image("base", "{\"config\":{\"Labels\":{\"m\":\"base\",\"l\":\"base\"}}}")
            .label("l", "asked")
            .label("m", "asked")
            .label("n", "asked")
            .options(options)
            .plan();

    assertThat(plan.stages().getLast().config().labels())
        .containsOnly(entry("l", "file"), entry("m", "asked"), entry("n", "asked"));
  }

  @Test
  void aMaintainerIsTheAuthor() {
    assertThat(
            TestBuild.of("FROM scratch\nMAINTAINER me <me@x.example>\n")
                .targetStage()
                .config()
                .json()
                .string("author"))
        .contains("me <me@x.example>");
  }

  @Test
  void everyImageHasASearchPath() {
    assertThat(TestBuild.of("FROM scratch\n").targetStage().config().env())
        .containsEntry("PATH", DEFAULT_PATH);
    assertThat(TestBuild.of("FROM debian\n").targetStage().config().env())
        .containsEntry("PATH", "/bin");
  }

  @Test
  void theHistoryOfTheBaseIsKeptAndItsLayersAreNot() {
    var json =
        TestBuild.of("FROM base\n")
            .image(
                "base",
                "{\"history\":[{\"created_by\":\"x\"}],\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},"
                    + "\"container\":\"c\",\"other\":1}")
            .targetStage()
            .config()
            .json();

    assertThat(json.members())
        .containsKeys("history", "other")
        .doesNotContainKeys("rootfs", "container");
  }

  @Test
  void triggersOfTheBaseRunRightAfterFromAndLeaveTheConfiguration() {
    var build =
        TestBuild.of("FROM onbuild\nRUN last\n")
            .image(
                "onbuild",
                "{\"config\":{\"OnBuild\":[\"ARG V=1\",\"COPY src /app\",\"RUN make $V\"]}}")
            .files("src/a");

    assertThat(build.text())
        .isEqualTo(
            """
            stage-0 <- onbuild linux/amd64
              ARG V=1
              COPY src /app
                copy main[src] to /app
              RUN |1 V=1 /bin/sh -c make $V
                run [/bin/sh, -c, make $V] {V=1} in /
              RUN |1 V=1 /bin/sh -c last
                run [/bin/sh, -c, last] {V=1} in /
            """);
    assertThat(build.config()).isEqualTo("{}");
  }

  @Test
  void triggersMayNeedFurtherStagesAndImages() {
    var build =
        TestBuild.of("FROM scratch AS assets\nFROM onbuild\n")
            .image(
                "onbuild",
                "{\"config\":{\"OnBuild\":[\"COPY --from=assets a b\",\"COPY --from=tools c d\"]}}")
            .image("tools", "{}");

    assertThat(build.text())
        .contains("assets <- scratch", "copy stage assets[a] to /b", "copy image tools[c] to /d");
  }

  @Test
  void triggersOfAStageRunInTheStagesBuiltOnIt() {
    var build = TestBuild.of("FROM scratch AS a\nONBUILD RUN x\nFROM a\nFROM a AS b\n");

    assertThat(build.text())
        .isEqualTo(
            """
            a <- scratch
              ONBUILD RUN x
            b <- stage a
              RUN /bin/sh -c x
                run [/bin/sh, -c, x] {} in /
            """);
    assertThat(build.config()).isEqualTo("{}");
    assertThat(build.plan().stages().getFirst().config().onBuild()).containsExactly("RUN x");
  }

  @Test
  void aTriggerThatIsNoInstructionIsRefusedAtItsFrom() {
    var failure =
        TestBuild.of("FROM scratch AS x\nFROM onbuild\n")
            .image("onbuild", "{\"config\":{\"OnBuild\":[\"NONSENSE a\"]}}")
            .failure();

    assertThat(failure.at()).hasToString("Optional[Dockerfile:2]");
  }

  @Test
  void runOptionsThatAreNotSupportedAreRefusedByName() {
    var device = TestBuild.of("FROM scratch\nRUN --device=gpu x\n").failure();
    var insecure = TestBuild.of("FROM scratch\nRUN --security=insecure x\n").failure();

    assertThat(device.name()).isEqualTo("not-supported");
    assertThat(device.message()).contains("--device=gpu");
    assertThat(device.at()).hasToString("Optional[Dockerfile:2:5]");
    assertThat(insecure.name()).isEqualTo("not-allowed");
    assertThat(insecure.advice()).contains("--allow security.insecure");
    assertThat(insecure.at()).hasToString("Optional[Dockerfile:2:5]");
    assertThat(TestBuild.of("FROM scratch\nRUN --network=default --security=sandbox x\n").text())
        .contains("RUN /bin/sh -c x");
  }
}
