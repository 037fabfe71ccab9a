package dev.birgus.executor.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.LinuxOverlays;
import dev.birgus.executor.files.OverlayFormat;
import dev.birgus.executor.files.OverlayMount;
import dev.birgus.executor.memory.Entry;
import dev.birgus.executor.memory.MemoryFiles;
import dev.birgus.executor.memory.MemoryTree;
import dev.birgus.executor.memory.Spill;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.node.Leases;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is done to an overlay and to files in memory gives the same files, the same errors and the
 * same layers, whatever it is and whatever form the layers below have.
 */
class MemoryIsAnOverlayTest {

  private static final Instant TIMESTAMP = Instant.ofEpochSecond(1_600_000_000);
  private static final BuildOptions OPTIONS =
      new BuildOptions(Optional.of(TIMESTAMP), LayerCompression.DEFAULT, false, java.util.Map.of());
  private static final int ROUNDS = 25;
  private static final int STEPS = 4;
  private static final int ACTIONS = 40;
  private static final List<String> NAMES = List.of("a", "b", "c", "\u00e9", "d.d");

  @TempDir Path folder = Path.of("");
  private final InMemoryBlobs blobs = new InMemoryBlobs();
  private final LayerUnpacker unpacker =
      new LayerUnpacker(
          UnpackLimits.DEFAULT,
          (path, why) -> {
            throw new AssertionError(path + ": " + why);
          });

  /** One way to have the layers below in memory. */
  private record InMemory(String name, MemoryTree tree, MemoryFiles files) {}

  @BeforeEach
  void needsRoot() throws IOException {
    LayerTests.assumeRoot(folder);
  }

  @Test
  void everythingThatIsDoneGivesTheSame() throws IOException {
    var source = Files.createDirectory(folder.resolve("source"));
    Files.writeString(source.resolve("one"), "1");
    Files.write(source.resolve("large"), new byte[300_000]);
    for (var seed = 0; seed < ROUNDS; seed++) {
      var round = Files.createDirectory(folder.resolve("round" + seed));
      try (var sources = LinuxFileSystem.open(source);
          var spill = new Spill(round.resolve("spill"))) {
        new Round(new Random(seed), round, sources, spill).run();
      }
      try (var all = LinuxFileSystem.open(folder)) {
        all.remove("round" + seed);
      }
    }
  }

  /** Some steps on top of each other. */
  private final class Round {

    private final Random random;
    private final Path place;
    private final FileSystem sources;
    private final Spill spill;
    private final LayerIndexes indexes;
    private final List<Path> sealed = new ArrayList<>();
    private final List<Entry> trees = new ArrayList<>();
    private final List<Entry> indexed = new ArrayList<>();
    private final List<Entry> unpacked = new ArrayList<>();
    private final List<FileSystem> open = new ArrayList<>();
    private final List<String> done = new ArrayList<>();

    Round(Random random, Path place, FileSystem sources, Spill spill) throws IOException {
      this.random = random;
      this.place = place;
      this.sources = sources;
      this.spill = spill;
      this.indexes =
          new LayerIndexes(
              place.resolve("store"), unpacker, IndexLimits.DEFAULT, Leases.unneeded());
      sealed.add(Files.createDirectory(place.resolve("empty")));
    }

    void run() throws IOException {
      for (var step = 0; step < STEPS; step++) {
        var work = Files.createDirectory(place.resolve("step" + step));
        var memories =
            List.of(over("trees", trees), over("indexed", indexed), over("unpacked", unpacked));
        Path upper;
        try (var mount = new LinuxOverlays().mount(sealed, work)) {
          upper = mount.upper();
          doAll(mount, memories);
        }
        seal(upper, memories);
      }
      for (var each : open) {
        each.close();
      }
    }

    private InMemory over(String name, List<Entry> lower) {
      var tree = new MemoryTree();
      return new InMemory(
          name, tree, MemoryFiles.over(tree, lower.reversed(), spill, InstantSource.system()));
    }

    private void doAll(OverlayMount mount, List<InMemory> memories) throws IOException {
      try (var overlay = LinuxFileSystem.open(mount.merged())) {
        done.add("step " + sealed.size());
        for (var i = 0; i < ACTIONS; i++) {
          var seed = random.nextLong();
          done.add(act(overlay, new Random(seed)));
          for (var memory : memories) {
            assertThat(act(memory.files(), new Random(seed)))
                .as("%s after %s", memory.name(), done)
                .isEqualTo(done.getLast());
          }
        }
        var seen = look(overlay);
        for (var memory : memories) {
          assertThat(look(memory.files())).as("%s after %s", memory.name(), done).isEqualTo(seen);
        }
      }
    }

    /** The layers are equal, and in all their forms below the next step. */
    private void seal(Path upper, List<InMemory> memories) throws IOException {
      byte[] tar;
      try (var files = LinuxFileSystem.open(upper)) {
        tar = tar(files, OverlayFormat.of(upper));
      }
      for (var memory : memories) {
        var other = tar(memory.tree().sealed(), OverlayFormat.TRUSTED);
        assertThat(names(other)).as("%s after %s", memory.name(), done).isEqualTo(names(tar));
        assertThat(other).as(memory.name()).isEqualTo(tar);
      }
      sealed.add(upper);
      trees.add(memories.getFirst().tree().asLayer());
      var layer = LayerTests.layer(LayerTests.gzip(tar), tar);
      blobs.put(LayerTests.gzip(tar));
      indexed.add(indexes.read(layer, blobs, _ -> {}).orElseThrow());
      assertThat(indexes.find(layer, blobs)).isPresent();
      unpacked.add(unpack(layer));
    }

    private Entry unpack(Layer layer) throws IOException {
      var directory = Files.createTempDirectory(place, "unpacked");
      unpacker.unpack(layer, blobs, directory, _ -> {});
      var files = LinuxFileSystem.open(directory);
      open.add(files);
      return UnpackedEntry.root(files);
    }

    /** Does something, and tells what came of it. */
    private String act(FileSystem files, Random choice) {
      var what = choice.nextInt(14);
      var path = path(choice);
      var told = what + " " + path;
      try {
        switch (what) {
          case 0, 1 -> {
            var content = new byte[choice.nextInt(40_000)];
            choice.nextBytes(content);
            try (var out = files.create(path, attributes(choice))) {
              out.write(content);
            }
          }
          case 2, 3 ->
              files.copyFile(
                  sources, choice.nextBoolean() ? "one" : "large", path, attributes(choice));
          case 4, 5, 6 -> files.makeDirectory(path, attributes(choice));
          case 7 -> files.makeSymlink(path, target(choice), plain(choice));
          case 8 -> {
            var existing = path(choice);
            told += " " + existing;
            files.makeHardLink(path, existing);
          }
          case 9 -> files.makeNode(path, LayerTests.device(Kind.FIFO, 0, 0), plain(choice));
          case 10 -> files.setAttributes(path, plain(choice));
          case 11 -> told += " " + files.resolve(path);
          default -> files.remove(path);
        }
        return told;
      } catch (IOException failed) {
        return told + ": " + failed.getClass().getSimpleName();
      }
    }
  }

  private static String path(Random choice) {
    var path = new StringBuilder();
    for (var depth = 1 + choice.nextInt(3); depth > 0; depth--) {
      path.append('/').append(NAMES.get(choice.nextInt(NAMES.size())));
    }
    return path.toString();
  }

  private static String target(Random choice) {
    return switch (choice.nextInt(4)) {
      case 0 -> path(choice);
      case 1 -> "../" + NAMES.get(choice.nextInt(NAMES.size()));
      case 2 -> "/";
      default -> NAMES.get(choice.nextInt(NAMES.size()));
    };
  }

  private static FileAttributes attributes(Random choice) {
    SortedMap<String, String> xattrs = new TreeMap<>();
    if (choice.nextInt(4) == 0) {
      xattrs.put("user.x", "\u00ff" + choice.nextInt(3));
    }
    var plain = plain(choice);
    return new FileAttributes(plain.mode(), plain.uid(), plain.gid(), plain.modified(), xattrs);
  }

  private static FileAttributes plain(Random choice) {
    return new FileAttributes(
        choice.nextInt(010000),
        choice.nextInt(3),
        choice.nextInt(4) == 0 ? 4_000_000_000L : 5,
        choice.nextInt(1_000_000_000) * 1_000_000_007L % 1_500_000_000_000_000_000L,
        Collections.emptySortedMap());
  }

  /** All that can be seen, but for the times of directories, which change as they please. */
  private static List<String> look(FileSystem files) throws IOException {
    var lines = new ArrayList<String>();
    look(files, "/", lines);
    return lines;
  }

  private static void look(FileSystem files, String directory, List<String> lines)
      throws IOException {
    for (var name : files.list(directory)) {
      var path = directory.equals("/") ? "/" + name : directory + "/" + name;
      var s = files.status(path).orElseThrow();
      var line = new StringBuilder(path + " " + s.kind() + " " + s.mode() + " " + s.uid());
      line.append(":").append(s.gid()).append(" ").append(s.linkTarget().orElse(""));
      if (s.kind() != Kind.SYMLINK) {
        line.append(files.xattrs(path));
      }
      line.append(" ").append(resolved(files, path));
      if (s.kind() == Kind.FILE) {
        line.append(" ").append(s.modified() / 1_000_000_000L).append(" ").append(s.size());
        try (var in = files.read(path)) {
          line.append(" ").append(java.util.Arrays.hashCode(in.readAllBytes()));
        }
      }
      lines.add(line.toString());
      if (s.kind() == Kind.DIRECTORY) {
        look(files, path, lines);
      }
    }
  }

  private static String resolved(FileSystem files, String path) throws IOException {
    try {
      return files.resolve(path);
    } catch (FileSystemException circle) {
      return String.valueOf(circle.getReason());
    }
  }

  private static byte[] tar(FileSystem files, OverlayFormat format) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarWriter(bytes)) {
      new UpperWalk(files, format, Optional.empty(), new EntryWriter(files, OPTIONS, tar)).write();
      tar.finish();
    }
    return bytes.toByteArray();
  }

  private static List<String> names(byte[] tar) throws IOException {
    var lines = new ArrayList<String>();
    try (var reader = new TarReader(new ByteArrayInputStream(tar), 1 << 20)) {
      for (var entry = reader.next(); entry.isPresent(); entry = reader.next()) {
        lines.add(entry.get().toString());
      }
    }
    return lines;
  }
}
