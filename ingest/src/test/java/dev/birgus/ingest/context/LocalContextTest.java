package dev.birgus.ingest.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextEntry.Kind;
import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.node.PlainTree;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalContextTest {

  @TempDir Path temp;
  private Path directory = Path.of("");

  @BeforeEach
  void makeFiles() throws IOException {
    directory = Files.createDirectory(temp.resolve("context"));
    Files.createDirectories(directory.resolve("src/main"));
    Files.createDirectories(directory.resolve("docs"));
    Files.writeString(directory.resolve("a.txt"), "a");
    Files.writeString(directory.resolve("src/main/App.java"), "class App {}");
    Files.writeString(directory.resolve("src/notes.md"), "notes");
    Files.writeString(directory.resolve("docs/README.md"), "readme");
    Files.writeString(directory.resolve("docs/other.md"), "other");
    Files.writeString(temp.resolve("secret"), "secret");
  }

  private ContextIndex index(String rules, String... roots) throws IOException {
    var store = new LocalContextStore();
    store.register(new ContextRef("c"), directory, IgnoreRules.parse(rules));
    return store.open(new ContextRef("c")).index(Set.of(roots));
  }

  private static List<String> paths(ContextIndex index) {
    return index.entries().stream().map(ContextEntry::path).toList();
  }

  @Test
  void theRootGivesEverything() throws IOException {
    // when
    var index = index("", "");

    // then
    assertThat(paths(index))
        .containsExactly(
            "",
            "a.txt",
            "docs",
            "docs/README.md",
            "docs/other.md",
            "src",
            "src/main",
            "src/main/App.java",
            "src/notes.md");
    assertThat(index.excluded()).isEmpty();
  }

  @Test
  void onlyWhatWasAskedForIsWalkedTogetherWithItsParents() throws IOException {
    assertThat(paths(index("", "src/main", "a.txt")))
        .containsExactly("", "a.txt", "src", "src/main", "src/main/App.java");
  }

  @Test
  void aRootThatIsNotThereGivesNoEntries() throws IOException {
    assertThat(paths(index("", "src/gone", "gone/x", "a.txt/x/y", "a.txt/x"))).isEmpty();
  }

  @Test
  void excludedFilesAreNamedAndADirectoryStandsForAllInIt() throws IOException {
    // when
    var index = index("src\n**/other*", "");

    // then
    assertThat(paths(index)).containsExactly("", "a.txt", "docs", "docs/README.md");
    assertThat(index.excluded()).containsExactlyInAnyOrder("src", "docs/other.md");
  }

  @Test
  void rootsMayOverlap() throws IOException {
    // when
    var index = index("**/other*", "docs", "", "docs/README.md", "src/main", "src");

    // then
    assertThat(paths(index)).isEqualTo(paths(index("**/other*", "")));
    assertThat(index.excluded()).containsExactly("docs/other.md");
  }

  @Test
  void anExcludedDirectoryIsThereForWhatAnExceptionBringsBack() throws IOException {
    assertThat(paths(index("*\n!docs/README.md", "")))
        .containsExactly("", "docs", "docs/README.md");
    assertThat(paths(index("*\n!docs/README.md", "docs/README.md")))
        .containsExactly("", "docs", "docs/README.md");
    assertThat(paths(index("*\n!docs/README.md", "docs/other.md"))).isEmpty();
  }

  @Test
  void entriesSayWhatAFileIs() throws IOException {
    // given
    var file = directory.resolve("a.txt");
    Files.setAttribute(file, "unix:mode", 04751);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1234567));
    Files.createSymbolicLink(directory.resolve("link"), Path.of("../secret"));

    // when
    var index = index("", "");

    // then
    var entry = index.get("a.txt").orElseThrow();
    assertThat(entry.kind()).isEqualTo(Kind.FILE);
    assertThat(entry.mode()).isEqualTo(04751);
    assertThat(entry.size()).isEqualTo(1);
    assertThat(entry.modified()).isEqualTo(1234567_000_000L);
    assertThat(entry.uid()).isEqualTo(((Integer) Files.getAttribute(file, "unix:uid")).longValue());
    assertThat(index.get("").orElseThrow().kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(index.get("link").orElseThrow().linkTarget()).contains("../secret");
  }

  @Test
  void aFileIsKnownAgainUntilItChanges() throws IOException {
    // given
    var before = index("", "").get("a.txt").orElseThrow();
    var unchanged = index("", "").get("a.txt").orElseThrow();

    // when: written anew with the same size and time, under another inode
    var copy = directory.resolve("copy");
    Files.writeString(copy, "b");
    Files.setLastModifiedTime(
        copy, FileTime.from(java.time.Instant.ofEpochSecond(0, before.modified())));
    Files.move(copy, directory.resolve("a.txt"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    // then
    var after = index("", "").get("a.txt").orElseThrow();
    assertThat(unchanged.identity()).isEqualTo(before.identity());
    assertThat(after.modified()).isEqualTo(before.modified());
    assertThat(after.identity()).isNotEqualTo(before.identity());
  }

  @Test
  void aDirectoryIsTheSameWhateverIsPutIntoIt() throws IOException {
    // given
    var before = index("", "").get("docs").orElseThrow();

    // when
    Files.writeString(directory.resolve("docs/new"), "");

    // then
    assertThat(index("", "").get("docs").orElseThrow().identity()).isEqualTo(before.identity());
  }

  @Test
  void symbolicLinksAreNotFollowedAndNothingOutsideIsSeen() throws IOException {
    // given
    Files.createSymbolicLink(directory.resolve("up"), temp);
    Files.createSymbolicLink(directory.resolve("src/loop"), directory);

    // when
    var everything = index("", "");
    var through = index("", "up/secret", "../secret", "/../../secret", "src/../../secret");

    // then
    assertThat(paths(everything)).contains("up", "src/loop").noneMatch(p -> p.contains("secret"));
    assertThat(paths(through)).containsExactly("", "up");
  }

  @Test
  void socketsAndPipesAreOther() throws Exception {
    // given
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "mkfifo is missing");
    new ProcessBuilder("mkfifo", directory.resolve("pipe").toString()).start().waitFor();
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(directory.resolve("socket")));

      // when
      var index = index("", "");

      // then
      assertThat(index.get("socket").orElseThrow().kind()).isEqualTo(Kind.OTHER);
      assertThat(index.get("pipe").orElseThrow().kind()).isEqualTo(Kind.OTHER);
    }
  }

  @Test
  void aDirectoryWithoutPermissionIsNamedButOnlyIfItIsAskedFor() throws IOException {
    assumeFalse((int) Files.getAttribute(temp, "unix:uid") == 0, "root may read everything");
    var locked = directory.resolve("docs");
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    try {
      assertThat(paths(index("", "src"))).contains("src/main/App.java");
      assertThat(paths(index("docs", ""))).doesNotContain("docs");
      assertThatThrownBy(() -> index("", ""))
          .isInstanceOf(FailureException.class)
          .hasMessageContaining("docs");
    } finally {
      Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void filesThatComeAndGoDuringAWalkDoNoHarm() throws Exception {
    // given
    var busy = Files.createDirectory(directory.resolve("busy"));
    var stop = new java.util.concurrent.atomic.AtomicBoolean();
    var writer =
        Thread.ofVirtual()
            .start(() -> {
              for (var i = 0; !stop.get(); i = (i + 1) % 50) {
                try {
                  var child = busy.resolve("d" + i);
                  Files.createDirectory(child);
                  Files.writeString(child.resolve("f"), "");
                  PlainTree.remove(child);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              }
            });

    // when
    try {
      for (var i = 0; i < 200; i++) {
        assertThat(paths(index("", "busy"))).startsWith("", "busy");
      }
    } finally {
      stop.set(true);
      writer.join();
    }
  }

  @Test
  void anUnknownContextIsAMistake() {
    assertThatThrownBy(() -> new LocalContextStore().open(new ContextRef("x")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
