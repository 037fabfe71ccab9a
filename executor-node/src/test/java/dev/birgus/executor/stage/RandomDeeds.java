package dev.birgus.executor.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * Does the same things to any root that looks the same. No file has several names: there overlays
 * and trees may differ, and a test of its own says how.
 */
final class RandomDeeds implements StorageWorld.Deed {

  private static final List<String> NAMES =
      List.of("a", "b", "b-", "bin", "c.d", "x y", "ä", "\udcff\udcfe", "n".repeat(255));
  private static final String CAPABILITY = "\1\0\0\2\0\4\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

  private final long seed;
  private final int count;
  private Random random;

  RandomDeeds(long seed, int count) {
    this.seed = seed;
    this.count = count;
    this.random = new Random(seed);
  }

  @Override
  public void to(LinuxFileSystem files) throws IOException {
    random = new Random(seed);
    for (var i = 0; i < count; i++) {
      act(files, random.nextInt(16));
    }
  }

  private void act(LinuxFileSystem files, int deed) throws IOException {
    var path = any(files);
    var kind = kind(files, path);
    switch (deed) {
      case 0, 1 -> makeFile(files, fresh(files));
      case 2 -> {
        var place = fresh(files);
        if (kind(files, place).isEmpty()) {
          files.makeDirectory(place, attributes());
        }
      }
      case 3 -> files.remove(path);
      case 4 -> rewrite(files, path, StandardOpenOption.TRUNCATE_EXISTING);
      case 5 -> rewrite(files, path, StandardOpenOption.APPEND);
      case 6 -> rewriteUnseen(files, path);
      case 7 -> files.setAttributes(path, attributes());
      case 8 -> {
        // There and back: an overlay has copied it up by then, and its time of change has moved.
        var before = files.status(path).orElseThrow();
        var attributes =
            new FileAttributes(
                before.mode(), before.uid(), before.gid(), before.modified(), new TreeMap<>());
        files.setAttributes(path, attributes());
        files.setAttributes(path, attributes);
      }
      case 9 -> {
        files.remove(path);
        files.makeDirectory(path, attributes());
        if (random.nextBoolean()) {
          makeFile(files, path + "/" + name());
        }
      }
      case 10 -> {
        files.remove(path);
        makeFile(files, path);
      }
      case 11 -> {
        files.remove(path);
        files.makeSymlink(path, "../" + name(), attributes());
      }
      case 12 -> rename(files, path, kind.orElseThrow());
      case 13 -> {
        if (kind.orElseThrow() == Kind.FILE) {
          files.setXattr(path, "user.note", "n" + random.nextInt(3));
          files.setXattr(path, "security.capability", CAPABILITY);
        }
      }
      case 14 -> makeNode(files, fresh(files));
      default -> {
        // Nothing has changed, but for the directory it was in.
        var place = fresh(files);
        if (kind(files, place).isEmpty()) {
          makeFile(files, place);
          files.remove(place);
        }
      }
    }
  }

  private void makeNode(LinuxFileSystem files, String place) throws IOException {
    if (kind(files, place).isPresent()) {
      return;
    }
    var kind = random.nextBoolean() ? Kind.FIFO : Kind.BLOCK_DEVICE;
    var status =
        new FileStatus(
            kind, 0, 0, 0, 0, 0, 0, 0, 1, kind == Kind.FIFO ? 0 : 7, 300, Optional.empty());
    files.makeNode(place, status, attributes());
  }

  private void rename(LinuxFileSystem files, String path, Kind kind) throws IOException {
    var place = fresh(files);
    // Overlays do not rename directories of the image; programs copy them instead.
    if (kind == Kind.DIRECTORY || kind(files, place).orElse(null) == Kind.DIRECTORY) {
      return;
    }
    files.rename(path, place);
  }

  private void makeFile(LinuxFileSystem files, String path) throws IOException {
    if (kind(files, path).isPresent()) {
      return;
    }
    try (var out = files.create(path, attributes())) {
      out.write(("content " + random.nextInt(50)).getBytes(UTF_8));
    }
  }

  /** Writes in place. What has several names is left alone: overlays tear those apart. */
  private void rewrite(LinuxFileSystem files, String path, StandardOpenOption how)
      throws IOException {
    if (isWritable(files, path)) {
      Files.writeString(files.root().resolve(path.substring(1)), "more " + random.nextInt(50), how);
    }
  }

  /** The same size and time, with other content. */
  private void rewriteUnseen(LinuxFileSystem files, String path) throws IOException {
    if (isWritable(files, path)) {
      var status = files.status(path).orElseThrow();
      Files.writeString(
          files.root().resolve(path.substring(1)),
          "z".repeat((int) status.size()),
          StandardOpenOption.TRUNCATE_EXISTING);
      files.setModified(path, status.modified());
    }
  }

  private static boolean isWritable(LinuxFileSystem files, String path) throws IOException {
    var status = files.status(path).orElseThrow();
    return status.kind() == Kind.FILE
        && status.links() == 1
        && status.size() < 1000
        && path.chars().allMatch(c -> c < 0x80);
  }

  private FileAttributes attributes() {
    var modes = List.of(0644, 0755, 0, 04755, 02750, 01777);
    var owners = List.of(0L, 1000L, 1_000_660_000L);
    return new FileAttributes(
        modes.get(random.nextInt(modes.size())),
        owners.get(random.nextInt(owners.size())),
        owners.get(random.nextInt(owners.size())),
        1_000_000_000L * random.nextInt(900_000_000),
        new TreeMap<>());
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  /** A place in one of the directories; something may be there. */
  private String fresh(LinuxFileSystem files) throws IOException {
    var directories = new ArrayList<String>();
    directories.add("");
    for (var path : all(files)) {
      if (kind(files, path).orElseThrow() == Kind.DIRECTORY && path.length() < 1000) {
        directories.add(path);
      }
    }
    return directories.get(random.nextInt(directories.size())) + "/" + name();
  }

  private String any(LinuxFileSystem files) throws IOException {
    var all = all(files);
    if (all.isEmpty()) {
      makeFile(files, "/again");
      return "/again";
    }
    return all.get(random.nextInt(all.size()));
  }

  private static List<String> all(LinuxFileSystem files) throws IOException {
    var all = new ArrayList<String>();
    collect(files, "", all);
    return all;
  }

  private static void collect(LinuxFileSystem files, String directory, List<String> all)
      throws IOException {
    for (var name : files.list(directory.isEmpty() ? "/" : directory)) {
      var path = directory + "/" + name;
      all.add(path);
      if (kind(files, path).orElseThrow() == Kind.DIRECTORY) {
        collect(files, path, all);
      }
    }
  }

  private static Optional<Kind> kind(LinuxFileSystem files, String path) throws IOException {
    return files.status(path).map(FileStatus::kind);
  }
}
