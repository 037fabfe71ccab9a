package dev.birgus.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupsTest {

  @TempDir Path folder = Path.of("");

  @Test
  void aControllerOfVersionOneHasAHierarchyOfItsOwn() throws IOException {
    var cgroups =
        Cgroups.of(
            List.of(
                "31 24 0:27 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory",
                "32 24 0:28 /docker/ab /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids",
                "33 24 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
                "40 24 0:5 / /dev rw - devtmpfs none rw"),
            List.of("9:memory:/user/birgus", "8:pids:/docker/ab/sub", "0::/user"));

    assertThat(cgroups.parentFor("memory")).hasToString("/sys/fs/cgroup/memory/user/birgus");
    assertThat(cgroups.parentFor("pids")).hasToString("/sys/fs/cgroup/pids/sub");
  }

  @Test
  void inVersionTwoAControllerIsHandedDown() throws IOException {
    Files.writeString(folder.resolve("cgroup.controllers"), "cpu memory pids\n");
    Files.writeString(folder.resolve("cgroup.subtree_control"), "cpu\n");
    var cgroups = Cgroups.of(List.of(mount("/")), List.of("0::/"));

    assertThat(cgroups.parentFor("memory")).isEqualTo(folder);

    assertThat(folder.resolve("cgroup.subtree_control")).hasContent("+memory");
  }

  @Test
  void aControllerThatIsNotThereIsToldByName() throws IOException {
    Files.writeString(folder.resolve("cgroup.controllers"), "cpu\n");
    var two = Cgroups.of(List.of(mount("/")), List.of("0::/"));
    var none = Cgroups.of(List.of(), List.of("0::/"));

    assertThatThrownBy(() -> two.parentFor("pids")).hasMessageContaining("no pids controller");
    assertThatThrownBy(() -> none.parentFor("pids")).hasMessageContaining("not mounted");
  }

  private String mount(String root) {
    return "33 24 0:29 " + root + " " + folder + " rw - cgroup2 cgroup2 rw";
  }
}
