package dev.birgus.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.run.CommandRunner.Invocation;
import dev.birgus.executor.run.LadderReport.Attempt;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Isolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LadderCommandRunnerTest {

  @TempDir Path folder = Path.of("");
  private final List<LadderReport> told = new ArrayList<>();

  @BeforeEach
  void asRoot() {
    BusyboxRoot.assume();
  }

  private LadderCommandRunner runner(Optional<Rung> isolation) {
    return new LadderCommandRunner(
        LinuxFileSystem::open,
        new LadderCommandRunner.Settings(
            isolation,
            folder.resolve("programs"),
            NamespaceCommandRunner.Settings.DEFAULT,
            InplaceSettings.NONE),
        told::add);
  }

  private int exitCode(CommandRunner runner) throws IOException, InterruptedException {
    var root = folder.resolve("root");
    if (!Files.exists(root)) {
      BusyboxRoot.make(root);
    }
    return runner.run(
        new Invocation(
            root,
            List.of("sh", "-c", "exit 7"),
            Map.of("PATH", "/bin"),
            "/",
            0,
            0,
            List.of(),
            List.of(),
            Isolation.DEFAULT),
        (_, _) -> {});
  }

  @Test
  void nothingIsTriedBeforeTheFirstCommandAndThenOnce() throws Exception {
    var runner = runner(Optional.empty());
    assertThat(folder.resolve("programs")).doesNotExist();

    assertThat(exitCode(runner)).isEqualTo(7);
    assertThat(exitCode(runner)).isEqualTo(7);

    assertThat(told).hasSize(1);
    assertThat(runner.ladder().report()).isSameAs(told.getFirst());
  }

  @Test
  void theHighestRungThatWorksIsChosenAndThoseBelowAreNotTried() throws Exception {
    var report = runner(Optional.empty()).ladder().report();

    assertThat(report.chosen()).contains(Rung.NS);
    assertThat(report.attempts()).extracting(Attempt::rung).containsExactly(Rung.NS);
    assertThat(report.attempts().getFirst().works()).isTrue();
  }

  @Test
  void aSurveyTriesAllAndLeavesNothing() throws Exception {
    var report = runner(Optional.empty()).ladder().survey();

    assertThat(report.attempts()).extracting(Attempt::rung).isEqualTo(Rung.automatic());
    assertThat(report.chosen()).contains(Rung.NS);
    try (var left = Files.list(folder.resolve("programs"))) {
      assertThat(left.map(each -> each.getFileName().toString()))
          .allMatch(name -> name.startsWith("nsrun-"));
    }
  }

  @Test
  void aForcedRungIsTheOnlyOneTried() throws Exception {
    var runner = runner(Optional.of(Rung.CHROOT));

    assertThat(exitCode(runner)).isEqualTo(7);

    assertThat(runner.ladder().report().attempts())
        .extracting(Attempt::rung)
        .containsExactly(Rung.CHROOT);
  }

  @Test
  void aForcedRungThatDoesNotWorkFailsWithItsReason() {
    assertThatThrownBy(() -> exitCode(runner(Optional.of(Rung.INPLACE))))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("inplace: nobody has said that this machine");
  }

  @Test
  void whatTheKernelRefusesIsInTheReason() throws Exception {
    // given a folder programs cannot be executed in, which is a refusal root gets, too
    var noexec = Files.createDirectories(folder.resolve("programs"));
    assertThat(
            new ProcessBuilder("mount", "-t", "tmpfs", "-o", "noexec", "x", noexec.toString())
                .start()
                .waitFor())
        .isZero();
    try {
      var report = runner(Optional.of(Rung.USERNS)).ladder().report();

      assertThat(report.chosen()).isEmpty();
      assertThat(report.attempts().getFirst().reason().orElseThrow()).contains("Permission denied");
      assertThat(report.attempts().getFirst().advice()).isNotEmpty();
    } finally {
      new ProcessBuilder("umount", noexec.toString()).start().waitFor();
    }
  }
}
