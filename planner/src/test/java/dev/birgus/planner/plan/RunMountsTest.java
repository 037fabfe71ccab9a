package dev.birgus.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.infra.contracts.Stage;
import dev.birgus.planner.service.TestBuild;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunMountsTest {

  private static String mounts(String flags) {
    var text =
        TestBuild.of("FROM debian\nWORKDIR /w\nRUN " + flags + " x\n").files("a", "b").text();
    return text.substring(text.indexOf(" with [") + 7, text.lastIndexOf(']'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--mount=target=/x|bind main: at /x",
        "--mount=type=bind,dst=x,src=a,rw|bind main:a at /w/x rw",
        "--mount=TYPE=bind,destination=/x/../y/,source=/a,readonly=false|bind main:a at /y rw",
        "--mount=from=scratch,target=/x|bind nothing: at /x",
        "--mount=from=debian,target=/x,source=../etc|bind image debian:etc at /x",
        "--mount=type=cache,target=c|cache /w/c linux/amd64 SHARED nothing: at /w/c",
        "--mount=type=cache,target=/c,id=i,sharing=LOCKED,ro,uid=1,mode=0700"
            + "|cache i linux/amd64 LOCKED nothing: at /c ro 1:-1 700",
        "--mount=type=tmpfs,target=/t,size=1.5k|tmpfs at /t 1536",
        "--mount=type=tmpfs,target=/t,ro,from=ignored|tmpfs at /t -1 ro",
        "--mount=type=secret,id=s|secret s at /run/secrets/s",
        "--mount=type=secret,id=a/b|secret a/b at /run/secrets/b",
        "--mount=type=secret,target=/etc/pw,required|secret pw at /etc/pw required",
        "--mount=type=secret,src=s,env=V|secret s in V",
        "--mount=type=secret,id=s,env=V,dst=f,mode=0440,gid=7|secret s at /w/f in V -1:7 440",
        "--mount=type=ssh|agent default at /run/buildkit/ssh_agent.0",
        "--mount=type=ssh,id=k,required=1,target=/s|agent k at /s required",
      })
  void optionsHaveTheMeaningsAndDefaultsOfTheReference(String flags, String expected) {
    assertThat(mounts(flags)).isEqualTo(expected);
  }

  @Test
  void mountsAreInTheOrderTheyAreMadeIn() {
    assertThat(
            mounts(
                "--mount=type=ssh --mount=type=secret,id=s --mount=type=tmpfs,target=/z"
                    + " --mount=type=ssh,id=k --mount=target=/a/b --mount=type=cache,target=/a"))
        .isEqualTo(
            "cache /a linux/amd64 SHARED nothing: at /a, bind main: at /a/b, tmpfs at /z -1,"
                + " secret s at /run/secrets/s, agent default at /run/buildkit/ssh_agent.0,"
                + " agent k at /run/buildkit/ssh_agent.1");
  }

  @Test
  void variablesAreReplacedInEveryValueButFrom() {
    var text =
        TestBuild.of(
                """
                FROM debian
                ARG t=cache where=/c yes=true
                ENV id=mine
                RUN --mount=type=$t,target=${where}/x,id=$id,ro=$yes,sharing=${none:-private} x
                """)
            .text();

    assertThat(text).contains("with [cache mine linux/amd64 PRIVATE nothing: at /c/x ro]");
  }

  @Test
  void aStageThatIsMountedIsBuiltBeforeAndOneNobodyNeedsIsNot() {
    var build =
        TestBuild.of(
            """
            FROM debian AS unused
            FROM debian AS tools
            RUN make
            FROM debian
            RUN --mount=from=Tools,target=/t x
            """);

    assertThat(build.text()).contains("bind stage tools: at /t").doesNotContain("unused");
    assertThat(build.targetStage().needs()).containsExactly(build.plan().stages().getFirst().id());
  }

  @Test
  void aTriggerMayMountAStage() {
    var text =
        TestBuild.of("FROM debian AS tools\nFROM child\nRUN x\n")
            .image("child", "{\"config\":{\"OnBuild\":[\"RUN --mount=from=tools,target=/t x\"]}}")
            .text();

    assertThat(text).contains("bind stage tools: at /t");
  }

  private static Stage stage(String flags, String content) {
    return TestBuild.of("FROM debian\nRUN " + flags + " x\n").file("a", content).targetStage();
  }

  @Test
  void theStageDependsOnWhatIsMountedAndOnNothingElse() {
    var mount = "--mount=target=/x,source=a";

    assertThat(stage(mount, "1").id()).isEqualTo(stage(mount, "1").id());
    assertThat(stage(mount, "1").id()).isNotEqualTo(stage(mount, "2").id());
    assertThat(stage(mount, "1").id()).isNotEqualTo(stage(mount + ",rw", "1").id());
    assertThat(stage("--mount=type=secret,id=a", "1").id())
        .isNotEqualTo(stage("--mount=type=secret,id=b,target=/run/secrets/a", "1").id());
    assertThat(stage("--network=none", "1").id()).isNotEqualTo(stage("", "1").id());
    assertThat(stage("--mount=type=cache,target=/c", "1").id())
        .isEqualTo(stage("--mount=type=cache,target=/c", "2").id());
  }

  @Test
  void whatABuildIsGrantedIsNoPartOfAStagesName() {
    var granted =
        new Grants(Map.of("s", new Grants.SecretSource.InEnvironment("V")), Map.of(), Set.of());
    var dockerfile = "FROM debian\nRUN --mount=type=secret,id=s x\n";

    assertThat(
            TestBuild.of(dockerfile).options(BuildOptions.DEFAULT.with(granted)).targetStage().id())
        .isEqualTo(TestBuild.of(dockerfile).targetStage().id());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--mount=type=none,target=/x|there is no type none",
        "--mount=target=/|nothing can be mounted at /",
        "--mount=target|target has no value",
        "--mount=|--mount needs options",
        "--mount=target=/x,ro=perhaps|ro=perhaps has a wrong value",
        "--mount=target=/x,required|has no required",
        "--mount=required,type=secret,id=x|has no required",
        "--mount=target=/x,size=1|has no size",
        "--mount=target=/x,sharing=shared|has no sharing",
        "--mount=target=/x,env=X|has no env",
        "--mount=type=cache,target=/x,sharing=mine|sharing cannot be mine",
        "--mount=type=cache,target=/x,mode=9|mode=9 has a wrong value",
        "--mount=type=cache,target=/x,uid=-1|uid=-1 has a wrong value",
        "--mount=type=tmpfs,target=/x,size=big|size=big has a wrong value",
        "--mount=type=secret,from=debian,id=x|has no from",
        "--mount=type=secret,source=x,id=x|both source and id",
        "--mount=type=secret,id=x,env=LD_PRELOAD|dynamic linker",
        "--mount=type=ssh,source=x|neither source nor from",
        "--mount=from=later,target=/x|unknown:later",
        "--mount=target=/x,source=c|there is no c in the build context",
      })
  void whatMakesNoSenseIsRefusedAtItsFlag(String flags, String message) {
    var failure = TestBuild.of("FROM debian\nRUN " + flags + " x\n").files("a").failure();

    assertThat(failure.at()).hasToString("Optional[Dockerfile:2:5]");
    if (!message.startsWith("unknown:")) {
      assertThat(failure.message()).contains(message);
    }
  }

  @Test
  void aProgramInAHeredocIsAFileTheShellStarts() {
    var text = TestBuild.of("FROM debian\nRUN <<EOF\n#!/usr/bin/env python3\nx\nEOF\n").text();

    assertThat(text)
        .contains("RUN /bin/sh -c /dev/pipes/EOF")
        .contains("script at /dev/pipes/EOF: #!/usr/bin/env python3\nx\n");
  }
}
