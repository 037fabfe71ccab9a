package dev.birgus.executor.memory;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.FileSystemContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class MemoryFilesTest {

  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(77));

  /** What is the same for each kind of memory. */
  abstract static class OfMemory implements FileSystemContract {

    @TempDir Path folder = Path.of("");
    private @Nullable Spill spill;
    private @Nullable FileSystem files;

    abstract FileSystem make(Spill spill) throws IOException;

    @BeforeEach
    void open() throws IOException {
      Files.createDirectory(folder.resolve("outside"));
      Files.writeString(folder.resolve("outside/secret"), "secret");
      spill = new Spill(folder.resolve("spill"));
      files = make(spill);
    }

    @AfterEach
    void close() throws IOException {
      if (spill != null) {
        spill.close();
      }
    }

    @Override
    public FileSystem files() {
      return java.util.Objects.requireNonNull(files);
    }

    @Override
    public Path outside() {
      return folder.resolve("outside");
    }
  }

  @Nested
  class ATree extends OfMemory {
    @Override
    FileSystem make(Spill spill) {
      return new MemoryTree().raw(spill);
    }
  }

  @Nested
  class OverNothing extends OfMemory {
    @Override
    FileSystem make(Spill spill) {
      return MemoryFiles.over(new MemoryTree(), List.of(), spill, CLOCK);
    }
  }

  @Nested
  class OverLayersOfWhichNothingIsLeft extends OfMemory {
    @Override
    FileSystem make(Spill spill) throws IOException {
      var low = new MemoryTree();
      var lowest = MemoryFiles.over(low, List.of(), spill, CLOCK);
      for (var name : List.of("file", "top", "d", "evil", "a", "usr")) {
        lowest.makeDirectory(name, FileSystemContract.plain(0700));
        lowest.create(name + "/x", FileSystemContract.plain(0)).close();
      }
      var high = new MemoryTree();
      var files = MemoryFiles.over(high, List.of(low.asLayer()), spill, CLOCK);
      for (var name : files.list("/")) {
        files.remove(name);
      }
      var layers = List.of(high.asLayer(), low.asLayer());
      return MemoryFiles.over(new MemoryTree(), layers, spill, CLOCK);
    }
  }
}
