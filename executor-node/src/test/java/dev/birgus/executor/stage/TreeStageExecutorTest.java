package dev.birgus.executor.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.Event.TransferProgressed.Transfer;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.StageBase;
import java.nio.file.Files;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What overlays do, trees do. */
class TreeStageExecutorTest extends LocalStageExecutorTest {

  @Override
  RootStorage wanted() {
    return RootStorage.TREE;
  }

  /** A tree is put together straight from the blobs; what nobody uses any more does not stay. */
  @Test
  @Override
  void aBaseIsDownloadedOnceAndThenThere() throws Exception {
    execute(run("true"));
    execute(run("true"));

    assertThat(downloads).hasValue(1);
    assertThat(blobs.size(base.layers().getFirst().blob().digest())).isPresent();
    assertThat(listener.transfers).contains(Transfer.DOWNLOAD, Transfer.UNPACK);
  }

  @Test
  void aStageIsBuiltOnTheTreeOfAnother() throws Exception {
    var first = execute(run("echo 1 >/one; ln /one /same; chmod 4755 /one"));
    var id = id("first");

    var second =
        executor.execute(
            job(
                new StageBase.OfStage(id),
                Map.of(id, first),
                run("ls -l /one | grep -c rwsr; echo 2 >>/same; rm /bin/dd"),
                copy(new FileOrigin.FromStage(id), "/one", "/copied")),
            listener);

    assertThat(String.join("", listener.printed)).isEqualTo("1\n");
    assertThat(entries(second.layers().get(2)))
        .containsExactly("bin/", "bin/.wh.dd", "one", "same");
    assertThat(entries(second.layers().get(3))).containsExactly("copied");
    assertThat(listener.transfers).containsOnlyOnce(Transfer.DOWNLOAD);
  }

  @Test
  void whatACommandIsGivenIsNotInTheImage() throws Exception {
    var result =
        execute(
            run("test -e /dev/null && test -s /etc/resolv.conf && ls /proc/self >/dev/null"),
            run("rm -r /tmp; mkdir /tmp"));

    assertThat(result.layers()).hasSize(2);
    assertThat(entries(result.layers().get(1))).containsExactly("tmp/", "tmp/.wh..wh..opq");
  }

  @Test
  void onlyAFewTreesStayForLaterStages() throws Exception {
    for (var i = 0; i < 5; i++) {
      execute(run("echo " + i + " >/number"));
    }

    try (var left = Files.list(work)) {
      assertThat(left).hasSize(2);
    }
  }
}
