package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With --reproducible the same input gives the same image, wherever and however it is built. */
class ReproducibleTest {

  @TempDir static Path shared;
  private static Path base = Path.of("/");

  @TempDir Path folder;

  @BeforeAll
  static void aBaseImage() throws IOException, InterruptedException {
    Tool.needRoot();
    base = Roots.busybox(shared);
  }

  private void context(String name) throws IOException, InterruptedException {
    var context = Files.createDirectories(folder.resolve(name));
    Tool.sh(
        context,
        """
        mkdir -p src/deep src/empty
        seq 1 50000 > src/large
        printf 'ü' > "src/ü"
        ln -s large src/link
        mkfifo src/deep/pipe
        chmod 750 src/deep
        touch -d @1000000000 src/large src/deep src/deep/pipe src/empty src/ü src
        touch -h -d @1000000000 src/link
        """);
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM base AS one
        RUN seq 1 200000 > /one && mkdir /d && touch /d/b /d/a && ln /d/a /d/c
        FROM base
        WORKDIR /made/on/the/way
        COPY src /src
        COPY --chmod=640 src/large /
        COPY --from=one /one /d /from/
        RUN rm /bin/vi && touch new && chmod 700 /home && date > /dev/null
        LABEL a=1 b=2 c=3
        """);
  }

  private String digest(BirgusProcess birgus, String context, String... more)
      throws IOException, InterruptedException {
    var arguments = new java.util.ArrayList<String>();
    arguments.addAll(
        java.util.List.of("build", "-c", context, "--build-context", "base=" + base, "--no-push"));
    arguments.addAll(
        java.util.List.of("--reproducible", "--digest-file", folder.resolve("digest").toString()));
    arguments.addAll(java.util.List.of(more));
    var outcome = birgus.run(arguments.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
    return Files.readString(folder.resolve("digest"));
  }

  private BirgusProcess birgus(String state) {
    return new BirgusProcess(folder.resolve(state), folder);
  }

  @Test
  void neitherProcessorsNorUmaskNorLocaleNorTimeZoneChangeTheImage() throws Exception {
    context("one");
    context("two");
    var digest = digest(birgus("state1"), "one");

    assertThat(digest(birgus("state2"), "two")).as("another folder").isEqualTo(digest);
    assertThat(digest(birgus("state2"), "two")).as("again, with what was kept").isEqualTo(digest);
    assertThat(digest(birgus("state3").withHeap("-XX:ActiveProcessorCount=1"), "one"))
        .as("one processor")
        .isEqualTo(digest);
    assertThat(digest(birgus("state4").withHeap("-XX:ActiveProcessorCount=7"), "one"))
        .as("seven processors")
        .isEqualTo(digest);
    assertThat(
            digest(
                birgus("state5")
                    .under("sh", "-c", "umask 077; exec \"$@\"", "sh")
                    .with("TZ", "Asia/Kathmandu")
                    .withHeap("-Duser.language=tr")
                    .withHeap("-Duser.country=TR"),
                "two"))
        .as("umask, locale and time zone")
        .isEqualTo(digest);
  }

  @Test
  void aDateOfTheSourceIsTheTimeOfAllThatIsNew() throws Exception {
    context("one");
    var epoch = digest(birgus("state1"), "one");
    var dated = digest(birgus("state2").with("SOURCE_DATE_EPOCH", "1200000000"), "one");

    assertThat(dated).isNotEqualTo(epoch);
    assertThat(digest(birgus("state3").with("SOURCE_DATE_EPOCH", "1200000000"), "one"))
        .isEqualTo(dated);
  }

  @Test
  void inOneLayerTooTheSameComesOfTheSame() throws Exception {
    context("one");
    var digest = digest(birgus("state1"), "one", "--single-snapshot");

    assertThat(digest(birgus("state2"), "one", "--single-snapshot", "--snapshot-mode=redo"))
        .isEqualTo(digest);
  }
}
