package dev.birgus.executor.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TarRoundTripTest {

  private static byte[] tar(List<TarEntry> entries) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarWriter(bytes)) {
      for (var entry : entries) {
        tar.begin(entry);
        var content = new byte[(int) entry.size()];
        Arrays.fill(content, (byte) entry.size());
        tar.write(content, 0, content.length);
      }
      tar.finish();
    }
    return bytes.toByteArray();
  }

  private static List<TarEntry> read(byte[] tar) throws IOException {
    var entries = new ArrayList<TarEntry>();
    try (var reader = new TarReader(new ByteArrayInputStream(tar), 1 << 20)) {
      for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        entries.add(entry.get());
      }
    }
    return entries;
  }

  private static TarEntry random(Random random) {
    var type = List.of(TarEntry.Type.values()).get(random.nextInt(7));
    var isDevice = type == TarEntry.Type.CHARACTER_DEVICE || type == TarEntry.Type.BLOCK_DEVICE;
    var hasLink = type == TarEntry.Type.SYMLINK || type == TarEntry.Type.HARD_LINK;
    var xattrs = new TreeMap<String, String>();
    for (var i = random.nextInt(3); i > 0; i--) {
      xattrs.put("user." + i, text(random, 90).replace("\n", "\0\n="));
    }
    var name = text(random, 300);
    return new TarEntry(
        type == TarEntry.Type.DIRECTORY ? name + "/" : name,
        type,
        random.nextInt(010000),
        random.nextLong(1L << random.nextInt(1, 33)),
        random.nextLong(1L << random.nextInt(1, 33)),
        type == TarEntry.Type.FILE ? random.nextInt(3000) : 0,
        random.nextLong(-1L << 36, 1L << 36),
        hasLink ? text(random, 200) : "",
        isDevice ? random.nextInt(4096) : 0,
        isDevice ? random.nextInt(1 << 20) : 0,
        xattrs);
  }

  private static String text(Random random, int longest) {
    var text = new StringBuilder("n");
    var strange = random.nextInt(4) == 0;
    for (var i = random.nextInt(longest); i > 0; i--) {
      var c = strange ? (char) ('\u00a0' + random.nextInt(90)) : (char) ('a' + random.nextInt(26));
      text.append(random.nextInt(20) == 0 ? '/' : c);
    }
    return text.append(strange && longest > 100 ? "\udcff" : "x").toString();
  }

  @Test
  void everyEntryComesBack() throws IOException {
    var random = new Random(5);
    for (var i = 0; i < 200; i++) {
      var entries = new ArrayList<TarEntry>();
      for (var j = 0; j < 10; j++) {
        entries.add(random(random));
      }
      assertThat(read(tar(entries))).isEqualTo(entries);
    }
  }

  @Test
  void namesOfAllLengthsAroundTheFieldsComeBack() throws IOException {
    for (var length = 90; length < 270; length++) {
      var name = new StringBuilder("x".repeat(length)).replace(60, 61, "/");
      var entry = TarEntry.empty(name.toString(), 1);
      assertThat(read(tar(List.of(entry)))).containsExactly(entry);
    }
  }

  @Test
  void aPlainEntryTakesOneBlock() throws IOException {
    assertThat(tar(List.of(TarEntry.empty("usr/bin/true", 1_700_000_000)))).hasSize(3 * 512);
  }

  @Test
  void contentThatIsMissingIsNoticed() throws IOException {
    var entry = new TarEntry("f", TarEntry.Type.FILE, 0, 0, 0, 5, 0, "", 0, 0, new TreeMap<>());
    try (var tar = new TarWriter(new ByteArrayOutputStream())) {
      tar.begin(entry);
      assertThatThrownBy(tar::finish).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void damagedTarsAreRefusedByName() throws IOException {
    var tar = tar(List.of(TarEntry.empty("a".repeat(300), 1), TarEntry.empty("b", 1)));
    var random = new Random(6);
    for (var i = 0; i < 3000; i++) {
      var damaged = Arrays.copyOf(tar, random.nextInt(tar.length) + 1);
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        read(damaged);
      } catch (FailureException e) {
        assertThat(e.failure().name()).startsWith("tar-");
      }
    }
  }

  @Test
  void aHugeExtendedHeaderIsRefusedUnread() throws IOException {
    var xattrs = new TreeMap<String, String>();
    xattrs.put("user.big", "x".repeat(2 << 20));
    var entry = new TarEntry("f", TarEntry.Type.FILE, 0, 0, 0, 0, 0, "", 0, 0, xattrs);
    var tar = tar(List.of(entry));

    assertThatThrownBy(() -> read(tar)).hasMessageContaining("extended header");
  }
}
