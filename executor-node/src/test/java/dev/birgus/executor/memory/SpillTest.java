package dev.birgus.executor.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.files.FileContent;
import dev.birgus.executor.files.HoleMaker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpillTest {

  @TempDir Path folder = Path.of("");

  @Test
  void whateverIsWrittenIsReadAgain() throws IOException {
    var random = new Random(5);
    var place = folder.resolve("spill");
    try (var spill = new Spill(place)) {
      List<byte[]> expected = new ArrayList<>();
      List<FileContent> contents = new ArrayList<>();
      for (var i = 0; i < 300; i++) {
        var bytes = new ByteArrayOutputStream();
        try (var out = spill.write("/" + i, contents::add)) {
          for (var parts = random.nextInt(6); parts > 0; parts--) {
            var part = new byte[random.nextInt(i % 10 == 0 ? 300_000 : 3_000)];
            random.nextBytes(part);
            if (random.nextInt(5) == 0) {
              ((HoleMaker) out).hole(part.length);
              bytes.writeBytes(new byte[part.length]);
            } else {
              out.write(part);
              bytes.writeBytes(part);
            }
          }
        }
        expected.add(bytes.toByteArray());
      }

      for (var i = 0; i < expected.size(); i++) {
        assertThat(contents.get(i).size()).isEqualTo(expected.get(i).length);
        try (var in = contents.get(i).open()) {
          assertThat(in.readAllBytes()).isEqualTo(expected.get(i));
        }
      }
    }
  }

  @Test
  void fewSmallFilesNeedNoFile() throws IOException {
    var place = folder.resolve("spill");
    try (var spill = new Spill(place)) {
      for (var i = 0; i < 100; i++) {
        try (var out = spill.write("/small", _ -> {})) {
          out.write(new byte[1000]);
        }
      }
      assertThat(place).doesNotExist();
      for (var i = 0; i < 10_000; i++) {
        try (var out = spill.write("/small", _ -> {})) {
          out.write(new byte[1000]);
        }
      }
    }
    assertThat(Files.size(place)).isBetween(5_000_000L, 10_000_000L);
  }

  @Test
  void holesTakeNoRoom() throws IOException {
    List<FileContent> contents = new ArrayList<>();
    var place = folder.resolve("spill");
    try (var spill = new Spill(place)) {
      try (var out = spill.write("/sparse", contents::add)) {
        ((HoleMaker) out).hole(1L << 40);
        out.write(1);
      }
      assertThat(contents.getFirst().size()).isEqualTo((1L << 40) + 1);
      assertThat(Files.size(place)).isEqualTo(1);
    }
  }
}
