package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.LinuxFileSystem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/** Does to a tree what commands do, at random but the same for the same seed. */
final class RandomChanges {

  private static final List<String> NAMES =
      List.of("a", "b", "c", "d", "\udcff", "n".repeat(255), "\u00e4 b\n");
  private static final long[] IDS = {0, 1, 1000, 65_534, 3_000_000_000L, 4_294_967_294L};
  private static final int[] MODES = {0, 0400, 0555, 0644, 0700, 0755, 01777, 04711, 04755};
  private static final String CAPABILITY = "\1\0\0\2\0\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
  private static final int DEEPEST = 4;

  private final LinuxFileSystem files;
  private final Random random;

  RandomChanges(LinuxFileSystem files, long seed) {
    this.files = files;
    this.random = new Random(seed);
  }

  /** An access list by which one more user may read and write. */
  static String accessList(int user) {
    var entries = new int[][] {{1, 7, -1}, {2, 6, user}, {4, 5, -1}, {0x10, 7, -1}, {0x20, 5, -1}};
    var text = new StringBuilder("\2\0\0\0");
    for (var entry : entries) {
      text.append((char) entry[0]).append('\0').append((char) entry[1]).append('\0');
      for (var shift = 0; shift < 32; shift += 8) {
        text.append((char) (entry[2] >> shift & 0xff));
      }
    }
    return text.toString();
  }

  void make(int count) throws IOException, InterruptedException {
    for (var i = 0; i < count; i++) {
      try {
        change();
      } catch (FileSystemException cannotBe) {
        // A directory in itself, a name below a file: what was chosen makes no sense.
      }
    }
  }

  private void change() throws IOException, InterruptedException {
    var path = anyPath();
    switch (random.nextInt(18)) {
      case 0, 1, 2 -> write(newPath());
      case 3, 4 -> files.makeDirectory(newPath(), attributes());
      case 5 -> files.makeSymlink(newPath(), anyPath(), attributes());
      case 6 -> files.makeHardLink(newPath(), path);
      case 7 -> files.makeNode(newPath(), LayerTests.device(Kind.FIFO, 0, 0), attributes());
      case 8 -> files.makeNode(newPath(), LayerTests.device(Kind.BLOCK_DEVICE, 7, 3), attributes());
      case 9, 10 -> files.remove(path);
      case 11 -> move(path, newPath());
      case 12 -> files.setAttributes(path, attributes());
      case 13 -> overwriteUnnoticed(path);
      case 14 -> lengthen(path);
      case 15 -> setXattr(path);
      case 16 -> makeAgain(path);
      default -> changeType(path);
    }
  }

  private FileAttributes attributes() {
    return new FileAttributes(
        MODES[random.nextInt(MODES.length)],
        IDS[random.nextInt(IDS.length)],
        IDS[random.nextInt(IDS.length)],
        random.nextInt(-1000, 2_000_000_000) * 1_000_000_000L,
        new TreeMap<>());
  }

  private void write(String path) throws IOException {
    try (var out = files.create(path, attributes())) {
      var content = new byte[random.nextInt(3000)];
      random.nextBytes(content);
      out.write(content);
    }
  }

  /** Other content of the same size, and the time put back. */
  private void overwriteUnnoticed(String path) throws IOException {
    var status = status(path);
    if (status.kind() == Kind.FILE && status.size() > 0) {
      try (var file = new RandomAccessFile(real(path), "rw")) {
        file.seek(random.nextLong(status.size()));
        file.write(random.nextInt(256));
      }
      files.setModified(path, status.modified());
    }
  }

  /** With a hole in it. */
  private void lengthen(String path) throws IOException {
    if (status(path).kind() == Kind.FILE) {
      try (var file = new RandomAccessFile(real(path), "rw")) {
        file.setLength(random.nextInt(200_000));
      }
    }
  }

  /** The path through a descriptor, for names Java cannot say. */
  private java.io.File real(String path) throws IOException {
    if (!path.matches("[ -~]*")) {
      throw new FileSystemException(path, null, "not for Java");
    }
    return files.root().resolve(path.substring(1)).toFile();
  }

  private void setXattr(String path) throws IOException {
    var kind = status(path).kind();
    if (kind != Kind.FILE && kind != Kind.DIRECTORY) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> files.setXattr(path, "security.capability", CAPABILITY);
      case 1 -> files.setXattr(path, LinuxFileSystem.ACCESS_LIST, accessList(random.nextInt(9)));
      case 2 ->
          files.setXattr(path, LinuxFileSystem.DEFAULT_ACCESS_LIST, accessList(random.nextInt(9)));
      default -> files.setXattr(path, "user.\u00e4", "\0\u00ff" + random.nextInt(9));
    }
  }

  private void makeAgain(String path) throws IOException {
    var kind = status(path).kind();
    files.remove(path);
    if (kind == Kind.DIRECTORY) {
      files.makeDirectory(path, attributes());
      if (random.nextBoolean()) {
        write(path + "/" + name());
      }
    } else {
      write(path);
    }
  }

  private void changeType(String path) throws IOException {
    var kind = status(path).kind();
    files.remove(path);
    if (kind == Kind.DIRECTORY) {
      files.makeSymlink(path, "/a", attributes());
    } else {
      files.makeDirectory(path, attributes());
    }
  }

  /** As mv(1) does where the overlay says that it is another file system. */
  private void move(String from, String to) throws IOException, InterruptedException {
    if (random.nextBoolean()) {
      files.rename(from, to);
    } else if (from.matches("[ -~]*") && to.matches("[ -~]*") && !to.startsWith(from)) {
      try {
        LayerTests.run(files.root(), "mv", "-T", "." + from, "." + to);
      } catch (IOException said) {
        // It cannot be moved there.
      }
    }
  }

  private FileStatus status(String path) throws IOException {
    return files.status(path).orElseThrow(() -> new FileSystemException(path));
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private String newPath() throws IOException {
    var directories = new ArrayList<String>();
    for (var path : paths()) {
      var depth = path.chars().filter(each -> each == '/').count();
      if (depth < DEEPEST && status(path).kind() == Kind.DIRECTORY) {
        directories.add(path);
      }
    }
    directories.add("");
    return directories.get(random.nextInt(directories.size())) + "/" + name();
  }

  private String anyPath() throws IOException {
    var paths = paths();
    return paths.isEmpty() ? "/none" : paths.get(random.nextInt(paths.size()));
  }

  private List<String> paths() throws IOException {
    var paths = new ArrayList<String>();
    collect("", paths);
    return paths;
  }

  private void collect(String directory, List<String> paths) throws IOException {
    for (var name : files.list("/" + directory)) {
      var path = directory + "/" + name;
      paths.add(path);
      if (status(path).kind() == Kind.DIRECTORY) {
        collect(path, paths);
      }
    }
  }
}
