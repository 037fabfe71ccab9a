package dev.birgus.executor.run;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a command finds in its root where nothing can be mounted: devices, and copies of the node's
 * resolv.conf and hosts. All of it is taken away again, with whatever the command has put into
 * /dev, /proc and /sys, and what was in the way is put back, so that nothing of it gets into an
 * image: on higher rungs these places are the command's alone, too.
 */
final class RootStubs implements AutoCloseable {

  private static final int READ_ONLY_FOR_OTHERS = 0644;

  private final FileSystem files;
  private final Set<String> owned = new HashSet<>();
  private final Deque<Undo> undo = new ArrayDeque<>();

  /** Directories in which something is made, and when they were changed last before and by that. */
  private final Map<String, long[]> parents = new LinkedHashMap<>();

  private RootStubs(FileSystem files) {
    this.files = files;
  }

  private interface Undo {
    void run() throws IOException;
  }

  /** A character device and its numbers. */
  private record Device(String name, int major, int minor) {}

  private static final List<Device> DEVICES =
      List.of(
          new Device("null", 1, 3),
          new Device("zero", 1, 5),
          new Device("full", 1, 7),
          new Device("random", 1, 8),
          new Device("urandom", 1, 9),
          new Device("tty", 5, 0));

  private static final Map<String, String> LINKS =
      Map.of(
          "fd", "/proc/self/fd",
          "stdin", "/proc/self/fd/0",
          "stdout", "/proc/self/fd/1",
          "stderr", "/proc/self/fd/2");

  static RootStubs in(FileSystem files) {
    return new RootStubs(files);
  }

  /**
   * Makes everything.
   *
   * @param scripts programs that come with the command
   * @throws NotPreparedException if devices cannot be made
   */
  void prepare(List<Mount> scripts) throws IOException {
    own("/proc");
    own("/sys");
    devices(own("/dev"));
    copy("/etc/resolv.conf");
    copy("/etc/hosts");
    writeScripts(scripts);
  }

  /** Makes the scripts alone, in a root that has all else. */
  void writeScripts(List<Mount> scripts) throws IOException {
    for (var script : scripts) {
      if (script instanceof Mount.Content content) {
        write(content);
      }
    }
    for (var parent : parents.entrySet()) {
      parent.getValue()[1] = modified(parent.getKey());
    }
  }

  /** A directory that is as it was afterwards, whatever is put into it. */
  private String own(String path) throws IOException {
    var place = files.resolve(path);
    makeDirectories(place);
    var before = files.status(place).orElseThrow();
    if (before.kind() != Kind.DIRECTORY) {
      throw new NotPreparedException(path + " of the image is no directory");
    }
    var attributes = attributes(place, before, before.modified());
    var names = new HashSet<String>();
    collect(place, names);
    owned.add(place);
    undo.push(() -> {
      removeNew(place, names);
      if (files.status(place).isPresent()) {
        files.setAttributes(place, attributes);
      }
    });
    return place;
  }

  private void collect(String directory, Set<String> names) throws IOException {
    for (var name : files.list(directory)) {
      var path = directory + "/" + name;
      names.add(path);
      if (files.status(path).orElseThrow().kind() == Kind.DIRECTORY) {
        collect(path, names);
      }
    }
  }

  private void removeNew(String directory, Set<String> names) throws IOException {
    var there = files.status(directory);
    if (there.isEmpty() || there.get().kind() != Kind.DIRECTORY) {
      return;
    }
    for (var name : files.list(directory)) {
      var path = directory + "/" + name;
      if (!names.contains(path)) {
        files.remove(path);
      } else if (files.status(path).filter(each -> each.kind() == Kind.DIRECTORY).isPresent()) {
        removeNew(path, names);
      }
    }
  }

  private void devices(String dev) throws IOException {
    for (var device : DEVICES) {
      var path = dev + "/" + device.name();
      if (files.status(path).isEmpty()) {
        make(path, device);
      }
    }
    for (var link : LINKS.entrySet()) {
      var path = dev + "/" + link.getKey();
      if (files.status(path).isEmpty()) {
        files.makeSymlink(path, link.getValue(), plain(0777));
      }
    }
    if (files.status(dev + "/shm").isEmpty()) {
      files.makeDirectory(dev + "/shm", plain(01777));
    }
  }

  private void make(String path, Device device) throws IOException {
    var status =
        new FileStatus(
            Kind.CHARACTER_DEVICE,
            0666,
            0,
            0,
            0,
            0,
            0,
            0,
            1,
            device.major(),
            device.minor(),
            Optional.empty());
    try {
      files.makeNode(path, status, plain(0666));
    } catch (IOException refused) {
      throw new NotPreparedException("mknod of /dev/" + device.name() + ": " + refused);
    }
  }

  /** A file of the node, in place of what the image has there. */
  private void copy(String path) throws IOException {
    var source = Path.of(path);
    var content = Files.isReadable(source) ? Files.readAllBytes(source) : new byte[0];
    var place = files.resolve(path);
    var there = files.status(place).map(FileStatus::kind);
    if (there.isPresent() && there.get() != Kind.FILE) {
      return;
    }
    makeDirectories(parentOf(place));
    touch(parentOf(place));
    if (there.isPresent()) {
      keep(place);
    }
    write(place, content, plain(READ_ONLY_FOR_OTHERS));
  }

  /** Puts what the image has beside its root, and back afterwards. */
  private void keep(String place) throws IOException {
    var root = files.root();
    var folder = Files.createTempDirectory(root.toAbsolutePath().getParent(), "kept-");
    var kept = folder.resolve("file");
    var original = root.resolve(place.substring(1));
    Files.move(original, kept);
    undo.push(() -> {
      files.remove(place);
      try {
        Files.move(kept, original);
      } catch (NoSuchFileException gone) {
        // The command has removed the directory it was in, and thereby the file.
        Files.delete(kept);
      }
      Files.delete(folder);
    });
  }

  private void write(Mount.Content script) throws IOException {
    var place = files.resolve(script.target());
    if (files.status(place).isPresent()) {
      throw new NotPreparedException("the image has a " + script.target() + " of its own");
    }
    makeDirectories(parentOf(place));
    touch(parentOf(place));
    write(
        place,
        script.bytes(),
        new FileAttributes(
            script.mode(), script.uid(), script.gid(), 0, Collections.emptySortedMap()));
  }

  private void write(String place, byte[] content, FileAttributes attributes) throws IOException {
    try (var file = files.create(place, attributes)) {
      file.write(content);
    }
    undo.push(() -> files.remove(place));
  }

  private void makeDirectories(String path) throws IOException {
    if (path.equals("/") || files.status(path).isPresent()) {
      return;
    }
    makeDirectories(parentOf(path));
    touch(parentOf(path));
    files.makeDirectory(path, plain(0755));
    undo.push(() -> {
      if (files.status(path).isPresent() && files.list(path).isEmpty()) {
        files.remove(path);
      }
    });
  }

  private void touch(String parent) throws IOException {
    var isOwn =
        owned.stream().anyMatch(each -> parent.equals(each) || parent.startsWith(each + "/"));
    if (!isOwn && !parents.containsKey(parent)) {
      parents.put(parent, new long[] {modified(parent), 0});
    }
  }

  private long modified(String path) throws IOException {
    return files.status(path).map(FileStatus::modified).orElse(0L);
  }

  private FileAttributes attributes(String path, FileStatus status, long modified)
      throws IOException {
    return new FileAttributes(
        status.mode(), status.uid(), status.gid(), modified, files.xattrs(path));
  }

  private static FileAttributes plain(int mode) {
    return new FileAttributes(mode, 0, 0, 0, Collections.emptySortedMap());
  }

  private static String parentOf(String path) {
    var slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  /** Takes everything away. What the command has done to directories beside them stays. */
  @Override
  public void close() throws IOException {
    var now = new LinkedHashMap<String, Long>();
    for (var parent : parents.keySet()) {
      now.put(parent, modified(parent));
    }
    var failures = new ArrayDeque<IOException>();
    while (!undo.isEmpty()) {
      try {
        undo.pop().run();
      } catch (IOException failed) {
        failures.add(failed);
      }
    }
    for (var parent : parents.entrySet()) {
      var status = files.status(parent.getKey());
      if (status.isPresent() && status.get().kind() == Kind.DIRECTORY) {
        var times = parent.getValue();
        var last = now.getOrDefault(parent.getKey(), 0L);
        var modified = last == times[1] ? times[0] : last;
        files.setAttributes(parent.getKey(), attributes(parent.getKey(), status.get(), modified));
      }
    }
    if (!failures.isEmpty()) {
      throw failures.peek();
    }
  }
}
