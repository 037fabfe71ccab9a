package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state folder whose disk takes nothing more, and what comes after there is room again. */
class DiskTest {

  @TempDir static Path shared;
  private static Path base = Path.of("/");

  @TempDir Path folder;

  @BeforeAll
  static void aBaseImage() throws IOException, InterruptedException {
    Tool.needRoot();
    base = Roots.busybox(shared);
  }

  @BeforeEach
  void aBuild() throws IOException {
    Files.writeString(
        folder.resolve("Dockerfile"),
        "FROM base\nRUN mkdir /d && cd /d && seq 1 300 | xargs touch && seq 1 100000 > /large\n");
  }

  private BirgusProcess.Outcome build(Path state) throws IOException, InterruptedException {
    return new BirgusProcess(state, folder)
        .run(
            "build",
            "-c",
            ".",
            "--build-context",
            "base=" + base,
            "--no-push",
            "--reproducible",
            "--tar-path",
            "image.tar",
            "--digest-file",
            "digest");
  }

  private String refused(Path state) throws IOException, InterruptedException {
    var outcome = build(state);
    assertThat(outcome.exitCode()).as(outcome.all()).isNotZero();
    assertThat(outcome.err()).doesNotContain("\tat ").doesNotContain("Exception");
    assertThat(folder.resolve("image.tar")).doesNotExist();
    assertThat(folder.resolve("digest")).doesNotExist();
    return outcome.err();
  }

  private String built(Path state) throws IOException, InterruptedException {
    var outcome = build(state);
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    var digest = Files.readString(folder.resolve("digest"));
    Files.delete(folder.resolve("image.tar"));
    Files.delete(folder.resolve("digest"));
    return digest;
  }

  /** At which file the inodes are used up is tried out: while unpacking, running and packing. */
  @Test
  void withoutInodesABuildSaysSoAndWithSomeItGoesOn() throws Exception {
    var digest = built(folder.resolve("state"));
    for (var inodes : new int[] {20, 150, 500}) {
      try (var disk = SmallDisk.mount(folder.resolve("disk"), 64)) {
        disk.remount("nr_inodes=" + inodes);
        var state = disk.path().resolve("state");

        assertThat(refused(state))
            .as("%s inodes", inodes)
            .contains(disk.path().toString(), "no inode left", "--state-dir");

        disk.remount("nr_inodes=100000");
        assertThat(built(state)).isEqualTo(digest);
      }
    }
  }

  @Test
  void aFullDiskThatHasRoomAgainIsAsGoodAsNew() throws Exception {
    var digest = built(folder.resolve("state"));
    for (var megabytes : new int[] {1, 2, 3}) {
      try (var disk = SmallDisk.mount(folder.resolve("disk"), 64)) {
        disk.remount("size=" + megabytes + "m");
        var state = disk.path().resolve("state");

        assertThat(refused(state))
            .as("%s MB", megabytes)
            .contains(disk.path().toString(), "is full", "--state-dir");

        disk.remount("size=64m");
        assertThat(built(state)).isEqualTo(digest);
      }
    }
  }

  @Test
  void aReadOnlyDiskIsNamed() throws Exception {
    try (var disk = SmallDisk.mount(folder.resolve("disk"), 64)) {
      var state = disk.path().resolve("state");
      var digest = built(state);
      disk.remount("ro");

      assertThat(refused(state))
          .contains(state.toString())
          .containsIgnoringCase("read-only")
          .contains("--state-dir");

      disk.remount("rw");
      assertThat(built(state)).isEqualTo(digest);
    }
  }
}
