package dev.birgus.executor.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.FileStatus.Kind;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every file system promises. */
public interface FileSystemContract {

  /** An empty one. */
  FileSystem files();

  /** A directory beside its root, in which {@code secret} is a file nobody may touch. */
  Path outside();

  static FileAttributes plain(int mode) {
    return new FileAttributes(mode, 0, 0, 1_000_000_001L, Collections.emptySortedMap());
  }

  private void write(String path, String text) throws IOException {
    try (var out = files().create(path, plain(0644))) {
      out.write(text.getBytes(UTF_8));
    }
  }

  private String text(String path) throws IOException {
    try (var in = files().read(path)) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private FileStatus at(String path) throws IOException {
    return files().status(path).orElseThrow();
  }

  @Test
  default void whatIsWrittenIsRead() throws IOException {
    var big = "0123456789abcdef".repeat(50_000);

    write("/file", big);

    assertThat(text("file")).isEqualTo(big);
    assertThat(at("/file").size()).isEqualTo(800_000);
  }

  @Test
  default void attributesAreKeptToTheNanosecond() throws IOException {
    var xattrs = new TreeMap<String, String>();
    xattrs.put("user.any", "\u00ff\0a");
    xattrs.put("security.capability", "\1\0\0\2\0\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    var given = new FileAttributes(06755, 4_000_000_000L, 77, -1_500_000_001L, xattrs);

    files().create("/f", given).close();

    var status = at("/f");
    assertThat(status.mode()).isEqualTo(06755);
    assertThat(status.uid()).isEqualTo(4_000_000_000L);
    assertThat(status.gid()).isEqualTo(77);
    assertThat(status.modified()).isEqualTo(-1_500_000_001L);
    assertThat(files().xattrs("/f")).isEqualTo(xattrs);
  }

  @Test
  default void linksPointNowhereOutside() throws IOException {
    for (var target : List.of("/", "../../../../..", outside().toString(), "/proc/self/root")) {
      files().makeSymlink("/evil", target, plain(0777));
      assertThat(files().status("/evil" + outside() + "/secret")).isEmpty();
      assertThat(files().status("/evil/secret")).isEmpty();
      assertThatThrownBy(() -> write("/evil/made-outside/x", "")).isInstanceOf(IOException.class);
      files().remove("/evil" + outside() + "/secret");
      files().remove("/evil");
    }
    assertThat(files().status("/../../../" + outside() + "/secret")).isEmpty();
    assertThat(outside().resolve("secret")).hasContent("secret");
  }

  @Test
  default void linksResolveInsideTheRoot() throws IOException {
    files().makeDirectory("/usr", plain(0755));
    files().makeDirectory("/usr/lib", plain(0755));
    files().makeSymlink("/lib", "usr/lib", plain(0777));
    files().makeSymlink("/abs", "/usr/lib", plain(0777));
    files().makeSymlink("/up", "../../usr/./lib/../lib", plain(0777));

    write("/abs/x", "1");

    assertThat(text("/lib/x")).isEqualTo("1");
    assertThat(text("/up/x")).isEqualTo("1");
    assertThat(files().resolve("/lib")).isEqualTo("/usr/lib");
    assertThat(files().resolve("up/x")).isEqualTo("/usr/lib/x");
    assertThat(files().resolve("/lib/none/../../y/z")).isEqualTo("/usr/y/z");
    assertThat(files().resolve("/../..")).isEqualTo("/");
    assertThat(files().resolve("/a/b/../c")).isEqualTo("/a/c");
  }

  @Test
  default void aDanglingLinkResolvesToWhatItNames() throws IOException {
    files().makeSymlink("/d", "/not/there", plain(0777));

    assertThat(files().resolve("/d/x")).isEqualTo("/not/there/x");
  }

  @Test
  default void linksInACircleAreRefused() throws IOException {
    files().makeSymlink("/a", "b", plain(0777));
    files().makeSymlink("/b", "a", plain(0777));

    assertThatThrownBy(() -> files().resolve("/a/x"))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("symbolic links");
    assertThatThrownBy(() -> files().list("/a/x")).isInstanceOf(FileSystemException.class);
  }

  @Test
  default void theLastLinkIsNotFollowed() throws IOException {
    write("/target", "kept");
    files().makeSymlink("/link", "target", new FileAttributes(0, 5, 6, 7, new TreeMap<>()));

    var link = at("/link");

    assertThat(link.kind()).isEqualTo(Kind.SYMLINK);
    assertThat(link.linkTarget()).contains("target");
    assertThat(List.of(link.uid(), link.gid(), link.modified())).containsExactly(5L, 6L, 7L);
    assertThatThrownBy(() -> files().read("/link")).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> write("/link", "x")).isInstanceOf(FileAlreadyExistsException.class);
    files().remove("/link");
    assertThat(text("/target")).isEqualTo("kept");
  }

  @Test
  default void namesKeepTheirBytes() throws IOException {
    var longest = "\u00e9".repeat(127) + "x";
    var names = List.of("a\nb", "\udcff\udc80", longest, "\ud83d\ude00", " ", "a'\"\\");
    for (var name : names) {
      write("/" + name, name);
    }

    assertThat(files().list("/"))
        .containsExactlyInAnyOrderElementsOf(names)
        .isSortedAccordingTo(FileNames.BY_BYTES);
    assertThat(text("/\udcff\udc80")).isNotEmpty();
  }

  @Test
  default void namesThatCannotBeAreRefused() {
    assertThatThrownBy(() -> write("/" + "x".repeat(256), ""))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("name too long");
    assertThatThrownBy(() -> write("/a\0b", "")).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> write("/\ud800", "")).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> files().makeDirectory("/..", plain(0)))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> files().remove("/")).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> files().remove("")).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> files().remove("/x/..")).isInstanceOf(FileSystemException.class);
  }

  @Test
  default void aFifoIsRefusedWithoutWaiting() throws IOException {
    var fifo = new FileStatus(Kind.FIFO, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, Optional.<String>empty());
    files().makeNode("/fifo", fifo, plain(0600));

    assertThatThrownBy(() -> files().read("/fifo")).hasMessageContaining("not a regular file");
    assertThat(at("/fifo").kind()).isEqualTo(Kind.FIFO);
  }

  @Test
  default void devicesKeepTheirNumbers() throws IOException {
    var device =
        new FileStatus(
            Kind.CHARACTER_DEVICE, 0, 0, 0, 0, 0, 0, 0, 1, 300, 70_000, Optional.empty());
    try {
      files().makeNode("/device", device, plain(0600));
    } catch (AccessDeniedException notPermittedHere) {
      return;
    }

    assertThat(at("/device").major()).isEqualTo(300);
    assertThat(at("/device").minor()).isEqualTo(70_000);
  }

  @Test
  default void hardLinksAreOneFile() throws IOException {
    write("/a", "1");
    files().makeHardLink("/b", "/a");

    assertThat(at("/b").inode()).isEqualTo(at("/a").inode());
    assertThat(at("/b").links()).isEqualTo(2);
  }

  @Test
  default void errorsAreNamed() throws IOException {
    write("/file", "");
    assertThatThrownBy(() -> files().read("/none")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> files().list("/file")).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> files().makeDirectory("/file", plain(0755)))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("/file");
    assertThat(files().status("/file/x")).isEmpty();
  }

  @Test
  default void treesAreRemovedHoweverDeepWithoutFollowingLinks() throws IOException {
    var link = "/top/link";
    files().makeDirectory("/top", plain(0));
    files().makeSymlink(link, outside().toString(), plain(0777));
    var path = new StringBuilder("/top");
    for (var i = 0; i < 300; i++) {
      files().makeDirectory(path.append("/").append("d").toString(), plain(0));
      files().makeSymlink(path + "/l", "/", plain(0777));
    }

    files().remove("/top");
    files().remove("/top");

    assertThat(files().list("/")).isEmpty();
    assertThat(outside().resolve("secret")).exists();
  }

  @Test
  default void copiesKeepContentHolesAndTheirOwnAttributes() throws IOException {
    var sparse = outside().resolve("sparse");
    try (var file = new java.io.RandomAccessFile(sparse.toFile(), "rw")) {
      file.setLength(64 << 20);
      file.seek(32 << 20);
      file.write(1);
    }
    write("/full", "x".repeat(300_000));

    try (var other = LinuxFileSystem.open(outside())) {
      files().copyFile(other, "/sparse", "/copy", plain(0640));
      files().copyFile(files(), "/full", "/copy2", plain(0600));

      assertThat(text("/copy2")).isEqualTo(text("/full"));
      try (var copy = files().read("/copy");
          var original = Files.newInputStream(sparse)) {
        assertThat(copy).hasSameContentAs(original);
      }
    }
    assertThat(at("/copy").mode()).isEqualTo(0640);
    assertThat(at("/copy").modified()).isEqualTo(1_000_000_001L);
  }

  @Test
  default void contentIsReadLaterUnlessItHasChanged() throws IOException {
    write("/file", "content");
    files().makeSymlink("/link", "file", plain(0777));

    var content = files().content("/file");

    assertThat(content.size()).isEqualTo(7);
    for (var i = 0; i < 2; i++) {
      try (var in = content.open()) {
        assertThat(in).hasContent("content");
      }
    }
    assertThatThrownBy(() -> files().content("/none")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> files().content("/link")).hasMessageContaining("not a regular file");
  }

  @Test
  default void attributesOfADirectoryCanBeSetLater() throws IOException {
    files().makeDirectory("/d", plain(0700));
    write("/d/x", "");

    files().setAttributes("/d", new FileAttributes(01777, 1, 2, 3, new TreeMap<>()));

    assertThat(at("/d").mode()).isEqualTo(01777);
    assertThat(at("/d").modified()).isEqualTo(3);
    files().setAttributes("/", plain(0711));
    assertThat(at("/").mode()).isEqualTo(0711);
  }
}
