package dev.birgus.executor.layer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileNames;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.testkit.Need;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** What tests of layers build with. */
final class LayerTests {

  private LayerTests() {}

  static void assumeRoot(Path folder) throws IOException {
    var isRoot = Integer.valueOf(0).equals(Files.getAttribute(folder, "unix:uid"));
    assumeTrue(isRoot, "layers are unpacked by root only");
  }

  static FileAttributes attributes(int mode, long seconds) {
    return new FileAttributes(mode, 0, 0, seconds * 1_000_000_000L, Collections.emptySortedMap());
  }

  static FileStatus device(FileStatus.Kind kind, int major, int minor) {
    return new FileStatus(kind, 0, 0, 0, 0, 0, 0, 0, 1, major, minor, Optional.empty());
  }

  static TarEntry entry(String name, TarEntry.Type type, String link) {
    var isDirectory = type == TarEntry.Type.DIRECTORY;
    return new TarEntry(
        name, type, isDirectory ? 0755 : 0644, 0, 0, 0, 1000, link, 0, 0, new TreeMap<>());
  }

  /** A file whose content is its name. */
  static TarEntry file(String name) {
    var size = name.getBytes(UTF_8).length;
    return new TarEntry(
        name, TarEntry.Type.FILE, 0644, 0, 0, size, 1000, "", 0, 0, new TreeMap<>());
  }

  static TarEntry directory(String name) {
    return entry(name, TarEntry.Type.DIRECTORY, "");
  }

  static TarEntry symlink(String name, String target) {
    return entry(name, TarEntry.Type.SYMLINK, target);
  }

  static byte[] tar(TarEntry... entries) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarWriter(bytes)) {
      for (var entry : entries) {
        tar.begin(entry);
        if (entry.size() > 0) {
          tar.write(entry.name().getBytes(UTF_8), 0, (int) entry.size());
        }
      }
      tar.finish();
    }
    return bytes.toByteArray();
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write(bytes);
    }
    return zipped.toByteArray();
  }

  static Layer layer(byte[] blob, byte[] tar) {
    var descriptor = Descriptor.of(MediaType.OCI_LAYER_GZIP, Digest.sha256(blob), blob.length);
    return new Layer(descriptor, Digest.sha256(tar), Optional.empty());
  }

  /** One line a file: all that can be compared. */
  static List<String> listing(LinuxFileSystem files) throws IOException {
    var lines = new ArrayList<String>();
    list(files, "", lines);
    return lines;
  }

  private static void list(LinuxFileSystem files, String directory, List<String> lines)
      throws IOException {
    for (var name : files.list("/" + directory)) {
      var path = directory + "/" + name;
      var there = files.status(path);
      if (there.isEmpty()) {
        // An overlay lists whiteouts in directories that only one layer has, and then denies them.
        continue;
      }
      var s = there.get();
      var isFile = s.kind() == FileStatus.Kind.FILE;
      var content = "";
      if (isFile) {
        try (var in = files.read(path)) {
          content = Digest.sha256(in.readAllBytes()).brief();
        }
      }
      lines.add(
          path
              + " "
              + s.kind()
              + " "
              + Integer.toOctalString(s.mode())
              + " "
              + s.uid()
              + ":"
              + s.gid()
              + " "
              + Math.floorDiv(s.modified(), 1_000_000_000L)
              + " "
              + (isFile ? s.size() + " " + content + " " + s.links() : "")
              + " "
              + s.major()
              + ":"
              + s.minor()
              + " "
              + s.linkTarget().orElse("")
              + " "
              + files.xattrs(path));
      if (s.kind() == FileStatus.Kind.DIRECTORY) {
        list(files, path, lines);
      }
    }
  }

  static String run(Path directory, String... command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = FileNames.decode(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  static void assumeTool(String name) {
    var folders = List.of("/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin");
    var isThere = folders.stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    Need.installed(isThere, name);
  }
}
