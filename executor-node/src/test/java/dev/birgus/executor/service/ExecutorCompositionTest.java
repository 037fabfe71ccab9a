package dev.birgus.executor.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.fetch.GitSettings;
import dev.birgus.executor.files.LinuxOverlays;
import dev.birgus.executor.run.BusyboxRoot;
import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorCompositionTest {

  @TempDir Path state = Path.of("");

  @BeforeEach
  void asRoot() {
    BusyboxRoot.assume();
  }

  @Test
  void whatADeadProcessLeftIsUnmountedAndRemoved() throws IOException {
    var settings = ExecutorSettings.below(state, "here", 1, GitSettings.of(Map.of()));
    var dead = Files.createDirectories(settings.work().resolve("node-dead"));
    Files.createFile(dead.resolve("lock"));
    var lower = Files.createDirectories(dead.resolve("lower"));
    new LinuxOverlays().mount(List.of(lower), dead.resolve("step 1"));

    ExecutorComposition.sweep(settings, Journal.silent());

    assertThat(dead).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(dead.toString());
  }
}
