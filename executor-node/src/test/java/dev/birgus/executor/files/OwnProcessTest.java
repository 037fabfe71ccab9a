package dev.birgus.executor.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OwnProcessTest {

  @Test
  void aClosedProcessStillReadsWhatIsItsOwn() throws Exception {
    OwnProcess.close();

    assertThat(OwnProcess.isClosed()).isTrue();
    assertThat(Files.readString(Path.of("/proc/self/status"))).contains("CapEff:");
    assertThat(Files.readAllBytes(Path.of("/proc/self/environ"))).isNotEmpty();
    assertThat(Path.of("/proc/self/fd")).isNotEmptyDirectory();
  }

  @Test
  void whatAClosedProcessStartsIsNotClosed() throws Exception {
    OwnProcess.close();

    var child = new ProcessBuilder("cat", "/proc/self/environ");
    child.environment().clear();
    child.environment().put("NAME", "value");
    var started = child.start();

    assertThat(started.getInputStream().readAllBytes()).asString().isEqualTo("NAME=value\0");
    assertThat(started.waitFor()).isZero();
  }
}
