package dev.birgus.load.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.testkit.Need;
import dev.birgus.ingest.context.PackedContexts;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Builds on a cluster of processes that are killed, frozen and starved. By default a short run; the
 * system properties birgus.chaos.builds, birgus.chaos.faults and birgus.chaos.seed say otherwise.
 */
class ChaosTest {

  private static final Path BUSYBOX = Path.of("/bin/busybox");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  @Test
  void everyAcceptedBuildEndsOnceWithTheRightImage() throws Exception {
    Need.installed(Files.isExecutable(BUSYBOX), "busybox-static");
    Need.installed(Files.isExecutable(Path.of("/usr/bin/docker-registry")), "docker-registry");
    Need.installed(Files.exists(Child.CLOCKS), "faketime");
    Assumptions.assumeTrue(
        Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "needs root");
    var plan =
        new Plan(
            Long.getLong("birgus.chaos.seed", 1),
            Integer.getInteger("birgus.chaos.builds", 9),
            Integer.getInteger("birgus.chaos.faults", 4));
    var context = context();

    Score score;
    List<String> stubborn;
    try (var disk = SmallDisk.mount(folder.resolve(ChaosRun.SMALL));
        var site = new Site(folder)) {
      try {
        score = new ChaosRun(plan, site, context).run(disk);
      } finally {
        stubborn = site.end();
      }
    }

    System.out.println("seed " + plan.seed() + ": " + score);
    assertThat(score.isClean())
        .as("seed %s: %s%nlogs: %s", plan.seed(), score, folder.resolve("logs"))
        .isTrue();
    assertThat(stubborn).as("processes that did not end when they were told to").isEmpty();
    assertThat(left()).as("processes and mounts left behind").isEmpty();
  }

  private byte[] context() throws IOException {
    var files = Files.createDirectories(folder.resolve("context"));
    Files.copy(BUSYBOX, files.resolve("busybox"));
    try (var store = DirectoryBlobStore.open(folder.resolve("packed"))) {
      var ref =
          new PackedContexts(store, Journal.silent())
              .register(new ContextRef("context"), files, IgnoreRules.none());
      try (var bytes = store.open(ref.blob().orElseThrow())) {
        return bytes.readAllBytes();
      }
    }
  }

  /** What still names the folder: mounts, and processes that work in it. */
  private List<String> left() throws IOException {
    var left = new ArrayList<String>();
    try (var mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      mounts.filter(line -> line.contains(folder.toString())).forEach(left::add);
    }
    ProcessHandle.allProcesses()
        .filter(each -> each.info().commandLine().orElse("").contains(folder.toString()))
        .filter(each -> each.pid() != ProcessHandle.current().pid())
        .forEach(each -> left.add(each.pid() + " " + each.info().command().orElse("")));
    return left;
  }
}
