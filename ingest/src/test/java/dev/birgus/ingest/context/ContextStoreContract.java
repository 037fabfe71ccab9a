package dev.birgus.ingest.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.ContextStore;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextEntry.Kind;
import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What services see of a context, wherever it came from. */
interface ContextStoreContract {

  /** The context a directory is, with these rules, by way of the store. */
  ContextStore.Context take(Path directory, String rules) throws IOException;

  /** The store itself. */
  ContextStore store() throws IOException;

  private static Path sample(Path folder) throws IOException {
    var directory = Files.createDirectory(folder.resolve("sample"));
    Files.createDirectories(directory.resolve("src/main"));
    Files.createDirectories(directory.resolve("docs"));
    Files.createDirectories(directory.resolve("empty"));
    Files.writeString(directory.resolve("a.txt"), "a");
    Files.writeString(directory.resolve("src/main/App.java"), "class App {}");
    Files.writeString(directory.resolve("src/notes.md"), "notes");
    Files.writeString(directory.resolve("docs/README.md"), "readme");
    Files.writeString(directory.resolve("docs/other.md"), "other");
    Files.createSymbolicLink(directory.resolve("code"), Path.of("src/main"));
    Files.createSymbolicLink(directory.resolve("outside"), Path.of("../../etc"));
    return directory;
  }

  private static List<String> paths(ContextIndex index) {
    return index.entries().stream().map(ContextEntry::path).toList();
  }

  @Test
  default void allThatIsThereIsIndexedInOrder(@TempDir Path folder) throws IOException {
    var context = take(sample(folder), "");

    assertThat(paths(context.index(Set.of(""))))
        .containsExactly(
            "",
            "a.txt",
            "code",
            "docs",
            "docs/README.md",
            "docs/other.md",
            "empty",
            "outside",
            "src",
            "src/main",
            "src/main/App.java",
            "src/notes.md");
  }

  @Test
  default void onlyWhatIsAskedForIsIndexedWithItsParents(@TempDir Path folder) throws IOException {
    var context = take(sample(folder), "");

    assertThat(paths(context.index(Set.of("src/main", "a.txt"))))
        .containsExactly("", "a.txt", "src", "src/main", "src/main/App.java");
    assertThat(paths(context.index(Set.of("/src/../a.txt/", "../../docs/./other.md"))))
        .containsExactly("", "a.txt", "docs", "docs/other.md");
    assertThat(paths(context.index(Set.of("src/gone", "gone/x", "a.txt/x/y")))).isEmpty();
  }

  @Test
  default void aLinkOnTheWayIsWhereItEnds(@TempDir Path folder) throws IOException {
    var context = take(sample(folder), "");

    var index = context.index(Set.of("code/App.java"));

    assertThat(paths(index)).containsExactly("", "code");
    assertThat(index.get("code").orElseThrow().linkTarget()).hasValue("src/main");
    assertThat(paths(context.index(Set.of("outside/passwd")))).containsExactly("", "outside");
  }

  @Test
  default void whatTheRulesTakeOutIsNotThereButNamed(@TempDir Path folder) throws IOException {
    var context = take(sample(folder), "src\n**/other*\nempty\n!src/notes.md");

    var index = context.index(Set.of(""));

    assertThat(paths(index))
        .containsExactly(
            "", "a.txt", "code", "docs", "docs/README.md", "outside", "src", "src/notes.md");
    assertThat(index.excluded()).contains("docs/other.md", "empty").doesNotContain("a.txt");
    assertThat(context.index(Set.of("docs/other.md")).excluded()).containsExactly("docs/other.md");
    assertThat(context.index(Set.of("a.txt")).excluded()).isEmpty();
  }

  @Test
  default void filesHaveTheirContentModeTimeAndLinks(@TempDir Path folder) throws IOException {
    // given
    var directory = sample(folder);
    var file = directory.resolve("a.txt");
    Files.createLink(directory.resolve("docs/z.txt"), file);
    Files.setAttribute(file, "unix:mode", 04751);
    Files.setPosixFilePermissions(
        directory.resolve("docs"), PosixFilePermissions.fromString("rwxr-x--x"));
    var time = FileTime.from(1_234_567_890_123_456_789L, TimeUnit.NANOSECONDS);
    Files.setLastModifiedTime(file, time);
    Files.setLastModifiedTime(directory.resolve("docs"), time);
    Files.setLastModifiedTime(directory, time);

    // when
    var context = take(directory, "");

    // then
    var entry = context.index(Set.of("a.txt")).get("a.txt").orElseThrow();
    assertThat(entry.mode()).isEqualTo(04751);
    assertThat(entry.modified()).isEqualTo(1_234_567_890_123_456_789L);
    assertThat(entry.size()).isEqualTo(1);
    assertThat(entry.kind()).isEqualTo(Kind.FILE);
    var docs = context.index(Set.of("docs")).get("docs").orElseThrow();
    assertThat(docs.mode()).isEqualTo(0751);
    assertThat(docs.modified()).isEqualTo(entry.modified());
    var there = context.directory();
    assertThat(there.resolve("a.txt")).hasContent("a");
    assertThat(Files.getLastModifiedTime(there.resolve("a.txt"))).isEqualTo(time);
    assertThat(Files.getLastModifiedTime(there.resolve("docs"))).isEqualTo(time);
    assertThat(Files.getLastModifiedTime(there)).isEqualTo(time);
    assertThat(Files.getAttribute(there.resolve("a.txt"), "unix:mode", LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(0104751);
    assertThat(Files.isSameFile(there.resolve("a.txt"), there.resolve("docs/z.txt"))).isTrue();
  }

  @Test
  default void namesMayBeLongAndOfAnyLanguage(@TempDir Path folder) throws IOException {
    var directory = sample(folder);
    var deep = "d".repeat(120) + "/" + "e".repeat(200) + "/" + "f".repeat(250);
    var foreign = "größe/\uD83E\uDD80 寄居蟹.txt";
    var odd = "line\nbreak and \\ 'quotes'\"";
    for (var name : List.of(deep, foreign, odd)) {
      var file = directory.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
    Files.createSymbolicLink(directory.resolve("longlink"), Path.of(deep));

    var context = take(directory, "");

    for (var name : List.of(deep, foreign, odd)) {
      assertThat(context.index(Set.of(name)).get(name)).isPresent();
      assertThat(context.directory().resolve(name)).hasContent(name);
    }
    assertThat(context.index(Set.of("longlink")).get("longlink").orElseThrow().linkTarget())
        .hasValue(deep);
  }

  @Test
  default void aFileOfHolesIsAsLongAsItWas(@TempDir Path folder) throws IOException {
    var directory = sample(folder);
    try (var file =
        FileChannel.open(
            directory.resolve("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1}), 20_000_000);
    }

    var context = take(directory, "");

    assertThat(context.index(Set.of("sparse")).get("sparse").orElseThrow().size())
        .isEqualTo(20_000_001);
    assertThat(Files.mismatch(context.directory().resolve("sparse"), directory.resolve("sparse")))
        .isEqualTo(-1);
  }

  @Test
  default void aNameNobodyGaveIsRefused() throws IOException {
    var store = store();
    assertThatThrownBy(() -> store.open(new ContextRef("nobody's")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nobody's");
  }

  /** Rules as an ignore file has them. */
  static IgnoreRules rules(String text) {
    return IgnoreRules.parse(text);
  }
}
