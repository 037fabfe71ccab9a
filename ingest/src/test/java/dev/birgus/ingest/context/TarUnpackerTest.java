package dev.birgus.ingest.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.node.PlainTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarUnpackerTest {

  @TempDir Path temp;
  private Path root = Path.of("");
  private Path outside = Path.of("");

  @BeforeEach
  void makeOutside() throws IOException {
    root = temp.resolve("in/root");
    outside = temp.resolve("outside");
    Files.createDirectories(root.getParent());
    Files.createDirectory(outside);
    Files.writeString(outside.resolve("victim"), "untouched");
  }

  private UnpackReport unpack(InputStream tar) {
    return new TarUnpacker(new UnpackLimits(100, 1 << 20)).unpack(tar, "a.tar", root);
  }

  private void refused(TestTar tar, String... words) {
    refused(tar.stream(), words);
  }

  private void refused(InputStream tar, String... words) {
    assertThatThrownBy(() -> unpack(tar))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("a.tar")
        .satisfies(e -> assertThat(e.getMessage()).contains(words));
    assertThat(root).doesNotExist();
    assertOutsideIsUntouched();
  }

  private void assertOutsideIsUntouched() {
    assertThat(outside.resolve("victim")).hasContent("untouched");
    assertThat(outside).isDirectoryContaining(path -> path.endsWith("victim"));
    assertThat(outside.toFile().list()).hasSize(1);
    assertThat(temp.toFile().list()).containsExactlyInAnyOrder("in", "outside");
  }

  @Test
  void filesDirectoriesAndLinksKeepTheirAttributes() throws IOException {
    // given
    var tar =
        new TestTar()
            .directory("d", 0555)
            .file("d/tool", "#!", 04755)
            .link("d/link", "tool")
            .hardLink("same", "d/tool");

    // when
    var report = unpack(tar.stream());

    // then
    assertThat(report.entries()).isEqualTo(4);
    assertThat(report.bytes()).isEqualTo(2);
    var tool = root.resolve("d/tool");
    assertThat(tool).hasContent("#!");
    assertThat((int) Files.getAttribute(tool, "unix:mode") & 07777).isEqualTo(04755);
    assertThat((int) Files.getAttribute(root.resolve("d"), "unix:mode") & 07777).isEqualTo(0555);
    assertThat(Files.getLastModifiedTime(tool).toMillis()).isEqualTo(1_000_000_000_000L);
    assertThat(Files.getLastModifiedTime(root.resolve("d")).toMillis())
        .isEqualTo(1_000_000_000_000L);
    assertThat(Files.readSymbolicLink(root.resolve("d/link"))).isEqualTo(Path.of("tool"));
    assertThat(Files.isSameFile(root.resolve("same"), tool)).isTrue();
  }

  @Test
  void rootKeepsTheOwners() throws IOException {
    assumeTrue((int) Files.getAttribute(temp, "unix:uid") == 0, "only root can give files away");

    // when
    var report = unpack(new TestTar().file("f", "x").stream());

    // then
    assertThat(report.ownersKept()).isTrue();
    assertThat(Files.getAttribute(root.resolve("f"), "unix:uid")).isEqualTo(1234);
    assertThat(Files.getAttribute(root.resolve("f"), "unix:gid")).isEqualTo(2345);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../outside/new", "/outside/new", "a/../../../outside/new", ".//outside/new"})
  void aNameThatLeadsOutIsContained(String name) {
    // when
    unpack(new TestTar().file(name, "x").stream());

    // then
    assertThat(root.resolve("outside/new")).hasContent("x");
    assertOutsideIsUntouched();
  }

  @Test
  void aSymbolicLinkIsNeverWrittenThrough() {
    refused(
        new TestTar().link("d", outside.toString()).file("d/new", "x"), "d/new", "symbolic link");
    refused(new TestTar().link("d", "../../outside").file("d/victim", "x"), "symbolic link");
    refused(new TestTar().link("d", outside.toString()).directory("d/e", 0755), "symbolic link");
    refused(new TestTar().link("d", outside.toString()).link("d/e", "x"), "symbolic link");
  }

  @Test
  void aFileReplacesALinkInsteadOfWritingToItsTarget() {
    // when
    unpack(
        new TestTar().link("f", outside.resolve("victim").toString()).file("f", "mine").stream());

    // then
    assertThat(root.resolve("f")).hasContent("mine").isRegularFile();
    assertOutsideIsUntouched();
  }

  @Test
  void aDirectoryReplacesALinkInsteadOfChangingItsTarget() throws IOException {
    // given
    var before = Files.getAttribute(outside, "unix:mode");

    // when
    unpack(new TestTar().link("d", outside.toString()).directory("d", 0700).stream());

    // then
    assertThat(Files.isDirectory(root.resolve("d"), LinkOption.NOFOLLOW_LINKS)).isTrue();
    assertThat(Files.getAttribute(outside, "unix:mode")).isEqualTo(before);
  }

  @Test
  void aSecondNameOfAFileIsNotWrittenThrough() {
    // when
    unpack(new TestTar().file("a", "first").hardLink("b", "a").file("b", "second").stream());

    // then
    assertThat(root.resolve("a")).hasContent("first");
    assertThat(root.resolve("b")).hasContent("second");
  }

  @Test
  void aHardLinkGoesOnlyToAFileOfTheArchive() {
    refused(new TestTar().hardLink("h", outside.resolve("victim").toString()), "hard link");
    refused(new TestTar().hardLink("h", "../../outside/victim"), "hard link");
    refused(new TestTar().hardLink("h", "later").file("later", "x"), "hard link");
    refused(new TestTar().directory("d", 0755).hardLink("h", "d"), "hard link");
    refused(new TestTar().hardLink("h", ""), "hard link");
    refused(new TestTar().link("d", outside.toString()).hardLink("h", "d/victim"), "hard link");
  }

  @Test
  void aHardLinkToALinkIsTheLinkAndNotWhatItPointsTo() throws IOException {
    // when
    unpack(
        new TestTar().link("l", outside.resolve("victim").toString()).hardLink("h", "l").stream());

    // then
    assertThat(Files.isSymbolicLink(root.resolve("h"))).isTrue();
  }

  @Test
  void aDirectoryIsNotReplacedByAnythingElse() {
    refused(new TestTar().directory("d", 0755).link("d", outside.toString()), "directory");
    refused(new TestTar().file("d/f", "x").file("d", "x"), "directory");
    refused(new TestTar().file(".", "x"), "root");
    refused(new TestTar().file("f", "x").file("f/g", "x"), "no directory");
  }

  @Test
  void devicesAndFifosAreLeftOutAndCounted() {
    // when
    var report =
        unpack(
            new TestTar()
                    .special("null", TarConstants.LF_CHR, "")
                    .special("disk", TarConstants.LF_BLK, "")
                    .special("pipe", TarConstants.LF_FIFO, "")
                    .file("f", "x")
                    .stream());

    // then
    assertThat(report.specialFiles()).isEqualTo(3);
    assertThat(root.toFile().list()).containsExactly("f");
  }

  @Test
  void tooManyEntriesAreRefused() {
    // given
    var tar = new TestTar();
    for (var i = 0; i < 101; i++) {
      tar.file("f" + i, "");
    }

    // then
    refused(tar, "100 entries");
  }

  @Test
  void tooManyBytesAreRefusedHoweverSmallTheArchiveIs() {
    // given
    var bomb = TestTar.gzip(new TestTar().file("zeros", "0".repeat((1 << 20) + 1)).bytes());

    // then
    assertThat(bomb).hasSizeLessThan(10_000);
    refused(new ByteArrayInputStream(bomb), "zeros", "1048576 bytes");
  }

  @Test
  void aHeaderThatWouldFillTheMemoryIsRefused() {
    // given
    var entry = new TarArchiveEntry("f", TarConstants.LF_NORMAL, true);
    entry.addPaxHeader("comment", "x".repeat(3 << 20));

    // then
    refused(new TestTar().add(entry, new byte[0]), "header");
  }

  @Test
  void gzipAndBzip2AreRecognisedByTheirFirstBytes() throws IOException {
    // given
    var tar = new TestTar().file("f", "x").bytes();
    var bzip2 = new ByteArrayOutputStream();
    try (var out = new BZip2CompressorOutputStream(bzip2)) {
      out.write(tar);
    }

    // when
    unpack(new ByteArrayInputStream(TestTar.gzip(tar)));
    new TarUnpacker(UnpackLimits.DEFAULT)
        .unpack(new ByteArrayInputStream(bzip2.toByteArray()), "b", temp.resolve("in/b"));

    // then
    assertThat(root.resolve("f")).hasContent("x");
    assertThat(temp.resolve("in/b/f")).hasContent("x");
  }

  @Test
  void aGzipOfSeveralMembersIsReadToItsEnd() throws IOException {
    // given
    var tar = new TestTar().file("a", "x").file("b", "y").bytes();
    var members = new ByteArrayOutputStream();
    members.write(TestTar.gzip(Arrays.copyOf(tar, 700)));
    members.write(TestTar.gzip(Arrays.copyOfRange(tar, 700, tar.length)));

    // when
    unpack(new ByteArrayInputStream(members.toByteArray()));

    // then
    assertThat(root.resolve("b")).hasContent("y");
  }

  @Test
  void otherCompressionIsRefusedByName() {
    refused(new ByteArrayInputStream(new byte[] {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0}), "xz");
    refused(new ByteArrayInputStream(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0}), "zstd");
  }

  @Test
  void whatIsNoTarIsRefused() {
    refused(InputStream.nullInputStream(), "empty");
    refused(
        new ByteArrayInputStream("hello world\n".repeat(100).getBytes(StandardCharsets.UTF_8)),
        "not a tar");
    refused(
        new ByteArrayInputStream(
            TestTar.gzip("hello".repeat(300).getBytes(StandardCharsets.UTF_8))),
        "not a tar");
  }

  @Test
  void anArchiveCutShortLeavesNothing() {
    // given
    var tar = new TestTar().file("a", "a".repeat(5000)).file("b", "b".repeat(5000)).bytes();
    var gzip = TestTar.gzip(tar);

    // then
    refused(new ByteArrayInputStream(Arrays.copyOf(tar, 8000)), "entry \"b\"");
    refused(new ByteArrayInputStream(Arrays.copyOf(gzip, gzip.length - 4)), "cannot be unpacked");
  }

  @Test
  void damagedArchivesNeverEscapeAndNeverCrash() {
    // given
    var good =
        new TestTar()
            .directory("d", 0755)
            .file("d/f", "content")
            .link("l", outside.toString())
            .hardLink("h", "d/f")
            .file("n".repeat(150), "x")
            .bytes();
    for (var seed = 0; seed < 300; seed++) {
      var random = new Random(seed);
      var bad = good.clone();
      for (var i = 0; i < 3; i++) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      // when
      try {
        unpack(new ByteArrayInputStream(bad));
        PlainTree.remove(root);
      } catch (FailureException expected) {
        assertThat(expected.failure().name()).isNotEmpty();
      } catch (IOException e) {
        throw new AssertionError("seed " + seed, e);
      }
      // then
      assertThat(root).doesNotExist();
      assertOutsideIsUntouched();
    }
  }
}
