package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.oci.Platform;
import dev.birgus.ingest.service.RequestedOutputs;
import dev.birgus.ingest.service.SubmittedBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds whose context is in place, and the same with nodes that have it from each other. */
class TravelledContextTest {

  private static final String DOCKERFILE =
      """
      FROM scratch AS tools
      COPY --chmod=755 busybox /bin/busybox

      FROM tools AS listed
      RUN --mount=type=bind,target=/context ["/bin/busybox", "sh", "-c", \
        "cd /context && /bin/busybox find . | /bin/busybox sort > /list"]

      FROM tools
      COPY . /all/
      COPY --chown=12:34 src/*.txt /texts/
      COPY --from=extra --exclude=*.log / /extra/
      COPY --from=listed /list /list
      """;

  @TempDir Path folder;

  @BeforeEach
  void makeFiles() throws Exception {
    Tool.need("busybox");
    var context = Files.createDirectories(folder.resolve("context"));
    Tool.sh(
        context,
        """
        mkdir -p src/deep/er empty notes ../extra/sub
        cp "$(command -v busybox)" busybox
        echo one > src/one.txt; echo two > src/two.txt; echo deep > src/deep/er/file
        ln src/one.txt src/deep/same.txt
        ln -s ../src/two.txt notes/link; ln -s nowhere notes/dangling
        echo "größe" > "src/größe 🦀.txt"
        name=$(printf 'n%.0s' $(seq 200)); mkdir $name; echo long > $name/$name
        truncate -s 3000000 src/sparse
        echo ignored > noise.log; echo kept > kept.log; mkdir node_modules; echo x > node_modules/x
        printf '*.log\\n!kept.log\\nnode_modules\\nDockerfile\\n' > .dockerignore
        chmod 4711 src/two.txt; chmod 700 notes; chmod 1777 empty; chown -h 77:88 src/one.txt
        echo a > ../extra/a; echo b > ../extra/sub/b.log; echo c > ../extra/sub/c
        find . ../extra -exec touch -h -d '2021-02-03 04:05:06.123456789' {} +
        """);
    Files.writeString(context.resolve("Dockerfile"), DOCKERFILE);
    Tool.sh(context, "touch -d '2021-02-03 04:05:06.123456789' Dockerfile .");
  }

  private SubmittedBuild build(Path at) {
    return new SubmittedBuild(
        at,
        "context",
        "",
        "context/Dockerfile",
        List.of("extra=extra"),
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        List.of(),
        Platform.parse("linux/amd64"),
        new BuildOptions(
            Optional.of(Instant.parse("2024-01-01T00:00:00Z")),
            LayerCompression.DEFAULT,
            false,
            Map.of()),
        RequestedOutputs.none());
  }

  private NodesOfABuild.Outcome built(String name, Optional<Path> volume, Path at)
      throws Exception {
    try (var nodes = new NodesOfABuild(folder.resolve(name), volume)) {
      return nodes.build(build(at));
    }
  }

  private Path volume(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  @Test
  void aBuildGivesTheSameImageWhetherItsContextTravelsOrNot() throws Exception {
    // given the same files of another user, copied to another place and packed from there
    var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Tool.sh(folder, "cp -a context extra elsewhere/ && chown -hR 1234:2345 elsewhere");
    // A change of owner takes the bit away that runs a file as its owner.
    Tool.sh(elsewhere, "chmod 4711 context/src/two.txt");

    // when
    var inPlace = built("local", Optional.empty(), folder);
    var travelled = built("travelled", Optional.of(volume("one")), folder);
    var again = built("again", Optional.of(volume("two")), elsewhere);

    // then
    assertThat(travelled.image()).isEqualTo(inPlace.image());
    assertThat(again).isEqualTo(travelled);
    // A context in place is known by stamps of its files, which no other machine could have.
    assertThat(inPlace.stages()).hasSameSizeAs(travelled.stages());
  }
}
