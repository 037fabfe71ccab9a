package dev.birgus.planner.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.LayerCompression.Codec;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.oci.Digest;
import dev.birgus.planner.service.TestBuild;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Equal work has an equal id, and different work another one. */
class StageIdTest {

  private static final String DOCKERFILE =
      """
      FROM debian
      ARG V=1
      ENV A=b
      USER app
      WORKDIR /w
      COPY --chown=1 src x/
      RUN make $V
      CMD ["a"]
      """;

  private static TestBuild build(String dockerfile) {
    return TestBuild.of(dockerfile).files("src/a", "src/b/c");
  }

  private static StageId id(TestBuild build) {
    return build.targetStage().id();
  }

  @Test
  void everyChangeOfTheWorkChangesTheId() {
    var changes =
        Map.<String, String>of(
            "ENV A=b", "ENV A=c",
            "USER app", "USER other",
            "WORKDIR /w", "WORKDIR /v",
            "--chown=1 src", "--chown=2 src",
            "src x/", "src y/",
            "x/", "x",
            "make", "build",
            "[\"a\"]", "a",
            "COPY", "ADD",
            "V=1", "V=2");
    var seen = new HashMap<StageId, String>();
    seen.put(id(build(DOCKERFILE)), "nothing");
    changes.forEach((before, after) -> {
      var changed = DOCKERFILE.replace(before, after);
      assertThat(changed).isNotEqualTo(DOCKERFILE);
      assertThat(seen.put(id(build(changed)), before)).as(before).isNull();
    });
  }

  @Test
  void everythingTheResultDependsOnOutsideTheDockerfileChangesTheId() {
    var changes =
        List.<UnaryOperator<TestBuild>>of(
            build -> build.arg("V", "9"),
            build -> build.label("l", "1"),
            build -> build.platform("linux/s390x"),
            build -> build.file("src/a", "changed"),
            build -> build.files("src/new"),
            build -> build.link("src/a", "b"),
            build -> build.image("debian", "{\"config\":{\"User\":\"x\"}}"),
            build ->
                build.options(options(Optional.of(Instant.EPOCH), LayerCompression.DEFAULT, false)),
            build -> build.options(options(Optional.empty(), level(Codec.GZIP, 9), false)),
            build -> build.options(options(Optional.empty(), LayerCompression.DEFAULT, true)),
            build -> build.options(options(Optional.empty(), level(Codec.GZIP, 3), false)),
            build -> build.options(options(Optional.empty(), level(Codec.GZIP_ISAL, 3), false)),
            build -> build.options(options(Optional.empty(), level(Codec.ZSTD, 3), false)),
            build -> build.options(ignoring("a", "b")),
            build -> build.options(ignoring("ab")));
    var seen = new HashMap<StageId, Integer>();
    seen.put(id(build(DOCKERFILE)), -1);
    for (var i = 0; i < changes.size(); i++) {
      assertThat(seen.put(id(changes.get(i).apply(build(DOCKERFILE))), i))
          .as("change " + i)
          .isNull();
    }
  }

  @Test
  void everyAttributeOfAFileChangesTheId() {
    var file = file(0644, 0, 0, 1, 0);
    var others =
        List.of(
            file(0755, 0, 0, 1, 0),
            file(0644, 1, 0, 1, 0),
            file(0644, 0, 1, 1, 0),
            file(0644, 0, 0, 2, 0),
            file(0644, 0, 0, 1, 1),
            at("src/a", new ContextEntry.Identity.Stamp("s")),
            at("src/a", new ContextEntry.Identity.Content(Digest.sha256(new byte[] {2}))),
            at("src/z", file.identity()));
    var seen = new HashMap<StageId, String>();
    seen.put(idWith(file), "file");
    for (var other : others) {
      assertThat(seen.put(idWith(other), "other")).as(other.toString()).isNull();
    }
    assertThat(idWith(file)).isEqualTo(idWith(file));
  }

  @Test
  void whatDoesNotChangeTheResultDoesNotChangeTheId() {
    var same =
        List.<UnaryOperator<TestBuild>>of(
            build -> build,
            build -> build.tags("x:1"),
            build -> build.arg("HTTP_PROXY", "http://p"),
            build -> build.arg("UNUSED", "1"),
            build -> build.files("elsewhere"),
            build -> build.excluded("more"),
            build ->
                build.options(
                    new BuildOptions(
                        Optional.empty(), LayerCompression.DEFAULT, false, Map.of("note", "x"))));

    assertThat(same.stream().map(change -> id(change.apply(build(DOCKERFILE)))).distinct())
        .hasSize(1);
  }

  @Test
  void commentsNamesAndLinesDoNotChangeTheId() {
    var moved =
        "# a comment\nFROM scratch AS other\n\n"
            + DOCKERFILE.replace("FROM debian", "FROM debian AS named");

    assertThat(id(build(moved))).isEqualTo(id(build(DOCKERFILE)));
  }

  @Test
  void aChangeOfAParentChangesItsChildren() {
    var dockerfile = "FROM scratch AS a\nRUN x\nFROM a\nRUN y\n";
    var copying = "FROM scratch AS a\nRUN x\nFROM scratch\nCOPY --from=a f f\n";

    assertThat(id(TestBuild.of(dockerfile)))
        .isNotEqualTo(id(TestBuild.of(dockerfile.replace("RUN x", "RUN z"))));
    assertThat(id(TestBuild.of(copying)))
        .isNotEqualTo(id(TestBuild.of(copying.replace("RUN x", "RUN z"))));
  }

  @Test
  void aLinkThatIsCopiedStandsForWhatItPointsTo() {
    var dockerfile = "FROM scratch\nCOPY link /x\n";

    assertThat(id(TestBuild.of(dockerfile).link("link", "real").file("real", "1")))
        .isNotEqualTo(id(TestBuild.of(dockerfile).link("link", "real").file("real", "2")));
  }

  private static StageId idWith(ContextEntry entry) {
    var build = TestBuild.of("FROM scratch\nCOPY src /x\n").files("src/keep");
    build.contexts.entry(TestBuild.CONTEXT, entry);
    return id(build);
  }

  private static ContextEntry file(int mode, long uid, long gid, long size, long modified) {
    return new ContextEntry(
        "src/a",
        ContextEntry.Kind.FILE,
        mode,
        uid,
        gid,
        size,
        modified,
        Optional.empty(),
        new ContextEntry.Identity.Content(Digest.sha256(new byte[] {1})));
  }

  private static ContextEntry at(String path, ContextEntry.Identity identity) {
    return new ContextEntry(
        path, ContextEntry.Kind.FILE, 0644, 0, 0, 1, 0, Optional.empty(), identity);
  }

  private static LayerCompression level(Codec codec, int level) {
    return new LayerCompression(codec, Optional.of(level));
  }

  private static BuildOptions ignoring(String... paths) {
    return new BuildOptions(
        Optional.empty(),
        LayerCompression.DEFAULT,
        false,
        Map.of(),
        false,
        Grants.NONE,
        List.of(paths),
        Optional.empty());
  }

  private static BuildOptions options(
      Optional<Instant> timestamp, LayerCompression compression, boolean singleLayer) {
    return new BuildOptions(timestamp, compression, singleLayer, Map.of());
  }
}
