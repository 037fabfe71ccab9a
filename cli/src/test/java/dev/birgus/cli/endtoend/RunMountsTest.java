package dev.birgus.cli.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.cli.endtoend.BirgusProcess.Outcome;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What RUN can be given for the time it runs: the command itself says whether it has it. */
class RunMountsTest {

  @TempDir static Path shared;
  private static Path base = Path.of("/");

  @TempDir Path folder;

  @BeforeAll
  static void aBaseImage() throws IOException, InterruptedException {
    Tool.needRoot();
    base = Roots.busybox(shared);
  }

  @BeforeEach
  void aContext() throws IOException {
    var context = Files.createDirectories(folder.resolve("context/sub/deep"));
    Files.writeString(folder.resolve("context/.dockerignore"), "*.ignored\n");
    Files.writeString(folder.resolve("context/in.txt"), "crab\n");
    Files.writeString(folder.resolve("context/no.ignored"), "no\n");
    Files.writeString(context.resolve("file"), "deep\n");
    Files.setAttribute(folder.resolve("context/in.txt"), "unix:uid", 1234);
  }

  @AfterEach
  void nothingIsMounted() throws IOException {
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(folder.toString());
  }

  private BirgusProcess birgus() {
    return new BirgusProcess(folder.resolve("state"), folder);
  }

  private Outcome build(BirgusProcess birgus, String dockerfile, String... more)
      throws IOException, InterruptedException {
    return birgus.run(arguments(dockerfile, more));
  }

  private String[] arguments(String dockerfile, String... more) throws IOException {
    Files.writeString(folder.resolve("Dockerfile"), dockerfile);
    var arguments =
        new ArrayList<>(
            List.of(
                "build",
                "-c",
                "context",
                "-f",
                "Dockerfile",
                "--build-context",
                "base=" + base,
                "--no-push",
                "--oci-layout-path",
                "image"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private void builds(String dockerfile, String... more) throws IOException, InterruptedException {
    var outcome = build(birgus(), dockerfile, more);
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
  }

  /** The paths in the layers above the base. */
  private List<String> changed() throws IOException, InterruptedException {
    return Tool.sh(
            folder,
            """
            cd image/blobs/sha256
            for blob in *; do
              tar -tzf $blob 2>/dev/null > list || continue
              grep -q bin/busybox list || cat list
            done
            rm list
            """)
        .lines()
        .toList();
  }

  @Test
  void bindsShowContextStagesAndImagesAndLeaveNothing() throws Exception {
    builds(
        """
        FROM base AS tools
        RUN echo tool > /tool && mkdir /more && echo more > /more/file
        FROM scratch AS empty
        FROM base
        ARG where=sub
        RUN --mount=target=/src --mount=target=/one/two/file,source=in.txt \\
          test "$(cat /src/in.txt /one/two/file)" = "$(printf 'crab\\ncrab')" \\
          && test ! -e /src/no.ignored && test "$(stat -c %u /src/in.txt)" = 0 \\
          && ! touch /src/new 2>/dev/null
        RUN --mount=type=bind,target=/src,rw --mount=target=/src/new/place,source=$where/deep \\
          echo changed > /src/in.txt && test "$(cat /src/new/place/file)" = deep
        WORKDIR /src
        RUN --mount=from=tools,target=tools,source=/more --mount=from=tools,target=/t,rw \\
          test "$(cat tools/file)" = more && rm /t/tool && echo x > /t/x
        RUN --mount=from=tools,target=/t test -e /t/tool && test ! -e /t/x
        RUN --mount=from=base,target=/image,source=bin test -x /image/busybox
        RUN --mount=from=scratch,target=/nothing test -z "$(ls /nothing)"
        """);

    assertThat(folder.resolve("context/in.txt")).hasContent("crab\n");
    assertThat(changed()).containsExactly("src/");
  }

  @Test
  void cachesAreKeptByIdAndNeverInTheImage() throws Exception {
    var dockerfile =
        """
        FROM base AS first
        RUN mkdir /start && echo begin > /start/file
        FROM base
        RUN --mount=type=cache,target=/var/cache/thing echo one >> /var/cache/thing/log
        RUN --mount=type=cache,id=/var/cache/thing,target=/c,sharing=locked,ro \\
          test "$(head -n 1 /c/log)" = one && ! touch /c/x 2>/dev/null
        RUN --mount=type=cache,id=mine,target=/c,uid=1234,gid=2345,mode=0700 \\
          test "$(stat -c %u:%g:%a /c)" = 1234:2345:700
        RUN --mount=type=cache,id=from,target=/c,from=first,source=/start \\
          echo more >> /c/file && head -n 1 /c/file | grep begin
        RUN --mount=type=cache,id=p,target=/a,sharing=private \\
          --mount=type=cache,id=p,target=/b,sharing=private mkdir -p /a/x
        """;
    builds(dockerfile);
    builds(
        dockerfile
            + "RUN --mount=type=cache,target=/var/cache/thing test $(wc -l </var/cache/thing/log)"
            + " = 2\n");

    assertThat(changed()).isEmpty();
  }

  @Test
  void memoryScriptsNetworkAndSecurityAreAsAsked() throws Exception {
    builds(
        """
        FROM base
        RUN --mount=type=tmpfs,target=/memory,size=64k --mount=type=cache,target=/memory/c \\
          touch /memory/c/x && ! dd if=/dev/zero of=/memory/big bs=1k count=100 2>/dev/null
        RUN --network=none ls /sys/class/net >/dev/null \\
          && test "$(cat /proc/net/dev | grep -c :)" = 1 && ip addr show lo | grep -q UP
        RUN --security=sandbox ! mount -t tmpfs x /tmp 2>/dev/null
        RUN --security=insecure mount -t tmpfs x /tmp
        RUN <<EOF
        #!/bin/cat
        one line
        EOF
        RUN <<-"PROGRAM"
        	#!/bin/sh
        	echo "$0" > /name
        PROGRAM
        USER app
        RUN <<EOF
        #!/bin/sh
        test "$(id -u)" = 1234
        EOF
        RUN cat <<EOF | grep -q two
        one
        two
        EOF
        """,
        "--allow",
        "security.insecure");

    assertThat(changed()).containsExactly("name");
  }

  @Test
  void whatAMountMakesNecessaryDoesNotUndoWhatTheCommandDoes() throws Exception {
    builds(
        """
        FROM base
        RUN --mount=type=cache,target=/home/app/.cache/thing chmod 700 /home/app \\
          && echo kept > /home/app/.cache/file
        RUN test "$(stat -c %a /home/app)" = 700 && test -e /home/app/.cache/file \\
          && test ! -e /home/app/.cache/thing
        """);
  }

  @Test
  void aSecretIsSeenByItsStepAndLeavesNoTraceAnywhere() throws Exception {
    var inFile = "the-crab-" + "lives-in-a-shell'%\\";
    var inVariable = "another-" + "crab-altogether";
    Files.writeString(folder.resolve("token"), inFile);
    var dockerfile =
        """
        FROM base
        RUN --mount=type=secret,id=token --mount=type=secret,id=word,env=WORD,target=/deep/w,mode=444 \\
          test $(wc -c < /run/secrets/token) = 28 && test "$(stat -c %a:%u /run/secrets/token)" = 400:0 \\
          && test "$WORD" = "$(cat /deep/w)" && test "${#WORD}" = 23 && sleep 2.4711
        USER app
        RUN --mount=type=secret,id=token,required,uid=1234 test -r /run/secrets/token
        RUN test -z "$WORD" && test ! -e /run/secrets && sleep 2.4712
        """;
    var process =
        birgus()
            .with("WORD_VALUE", inVariable)
            .start(
                arguments(
                    dockerfile,
                    "--secret",
                    "id=token,src=token",
                    "--secret=id=word,env=WORD_VALUE",
                    "--verbosity=trace",
                    "--tar-path",
                    "image.tar"));

    var seen = new ArrayList<String>();
    while (process.isAlive()) {
      for (var each : ProcessHandle.allProcesses().toList()) {
        var line = text(Path.of("/proc", "" + each.pid(), "cmdline"));
        var environment = text(Path.of("/proc", "" + each.pid(), "environ"));
        assertThat(line).doesNotContain(inFile).doesNotContain(inVariable);
        assertThat(environment).doesNotContain(inFile);
        if (line.startsWith("sleep\0002.471")) {
          seen.add(line);
          assertThat(environment.contains(inVariable)).isEqualTo(line.contains("2.4711"));
        }
      }
    }
    var printed = new String(process.getInputStream().readAllBytes(), ISO_8859_1);

    assertThat(process.waitFor()).as(printed).isZero();
    assertThat(seen).anyMatch(line -> line.contains("2.4711"));
    assertThat(printed).doesNotContain(inFile).doesNotContain(inVariable);
    Files.delete(folder.resolve("token"));
    Tool.sh(
        folder, "mkdir open && tar -xf image.tar -C open && cd open && gunzip -kf *.gz || true");
    Tool.sh(
        folder,
        "mkdir layers && cd layers && for b in ../image/blobs/sha256/*; do"
            + " zcat -f $b > $(basename $b); done");
    try (var files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .noneMatch(file -> text(file).contains(inFile) || text(file).contains(inVariable));
    }
    assertThat(changed()).isEmpty();
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  @Test
  void aSecretThatIsMissingStopsTheStepOnlyIfItIsRequired() throws Exception {
    builds(
        """
        FROM base
        RUN --mount=type=secret,id=none test ! -e /run/secrets/none
        RUN --mount=type=ssh test ! -e "$SSH_AUTH_SOCK"
        """);

    var secret = build(birgus(), "FROM base\nRUN --mount=type=secret,id=none,required true\n");
    var agent = build(birgus(), "FROM base\nRUN --mount=type=ssh,required=true true\n");

    assertThat(secret.exitCode()).isEqualTo(1);
    assertThat(secret.err())
        .contains("Dockerfile:2", "secret \"none\" is required", "--secret id=none");
    assertThat(agent.err()).contains("Dockerfile:2", "SSH agent \"default\" is required");
  }

  @Test
  void anAgentIsASocketOfTheStepsUser() throws Exception {
    var socket = folder.resolve("agent");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));

      builds(
          """
          FROM base
          USER app
          RUN --mount=type=ssh,uid=1234 test "$SSH_AUTH_SOCK" = /run/buildkit/ssh_agent.0 \\
            && test -S $SSH_AUTH_SOCK && test "$(stat -c %u:%a $SSH_AUTH_SOCK)" = 1234:600
          RUN --mount=type=ssh,id=other,target=/agent,mode=0666 test -S /agent
          RUN test -z "$SSH_AUTH_SOCK" && test ! -e /run
          """,
          "--ssh", "default=" + socket, "--ssh", "other=agent");
    }
    assertThat(changed()).isEmpty();
  }

  @Test
  void whatCannotBeDoneIsRefusedByItsLine() throws Exception {
    for (var wrong :
        Stream.of(
                "--security=insecure true|--allow security.insecure",
                "--device=nvidia.com/gpu=all true|devices cannot be given",
                "--network=other true|--network cannot be \"other\"",
                "--mount=type=cahce,target=/x true|did you mean cache?",
                "--mount=type=bind,traget=/x true|did you mean target?",
                "--mount=type=bind,target=/x,uid=1 true|has no mode, uid or gid",
                "--mount=type=cache true|has no target",
                "--mount=type=bind,target=/x,source=none true|no none in the build context",
                "--mount=from=$x,target=/x true|there can be no variable in it",
                "--mount=type=secret true|neither id nor target",
                "--mount=target=/bin/busybox true|it is not a directory")
            .map(each -> each.split("\\|"))
            .toList()) {
      var outcome = build(birgus(), "FROM base\nRUN " + wrong[0] + "\n");

      assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
      assertThat(outcome.err()).contains("Dockerfile:2", wrong[1]);
    }
  }
}
