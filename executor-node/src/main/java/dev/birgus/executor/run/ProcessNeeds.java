package dev.birgus.executor.run;

import dev.birgus.executor.files.FileNames;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The files this process goes on needing: what it has mapped, its runtime and its jars. */
final class ProcessNeeds {

  private static final int HEADER = 64;
  private static final int LARGEST_PROGRAM = 16 << 20;
  private static final int INTERPRETER = 3;

  private ProcessNeeds() {}

  /** Absolute paths, without links, and what each is. */
  static Map<String, String> ofThisProcess() throws IOException {
    var needs = new LinkedHashMap<String, String>();
    var maps = FileNames.decode(Files.readAllBytes(Path.of("/proc/self/maps")));
    for (var line : maps.split("\n", -1)) {
      var slash = line.indexOf('/');
      if (slash >= 0 && !line.endsWith(" (deleted)") && !line.startsWith("/memfd:", slash)) {
        needs.put(line.substring(slash), "is mapped by this process");
      }
    }
    for (var mapped : Map.copyOf(needs).keySet()) {
      if (mapped.endsWith("/lib/libjava.so")) {
        addRuntime(Path.of(mapped), needs);
      }
    }
    addJars(needs);
    return needs;
  }

  private static void addRuntime(Path library, Map<String, String> needs) throws IOException {
    var lib = library.getParent();
    if (lib == null || lib.getParent() == null) {
      return;
    }
    needs.put(lib.getParent().toString(), "is the Java runtime");
    var starter = lib.resolve("jspawnhelper");
    if (Files.exists(starter)) {
      var interpreter = interpreter(starter);
      interpreter.ifPresent(path -> needs.put(path, "starts programs for Java"));
    }
  }

  private static void addJars(Map<String, String> needs) throws IOException {
    var source = ProcessNeeds.class.getProtectionDomain().getCodeSource();
    try {
      if (source != null) {
        var jar = Path.of(source.getLocation().toURI()).toRealPath();
        needs.put(String.valueOf(jar.getParent()), "holds the classes of birgus");
      }
    } catch (URISyntaxException impossible) {
      throw new IOException(impossible);
    }
  }

  /** What the kernel starts a program with, of an ELF file of 64 bits, least significant first. */
  static Optional<String> interpreter(Path program) throws IOException {
    if (Files.size(program) > LARGEST_PROGRAM) {
      throw new IOException(program + " is too large");
    }
    var file = ByteBuffer.wrap(Files.readAllBytes(program)).order(ByteOrder.LITTLE_ENDIAN);
    if (file.limit() < HEADER || file.getInt(0) != 0x464c457f) {
      return Optional.empty();
    }
    var table = (int) file.getLong(32);
    var size = file.getShort(54) & 0xffff;
    var count = file.getShort(56) & 0xffff;
    for (var i = 0; i < count; i++) {
      var at = table + i * size;
      if (file.getInt(at) == INTERPRETER) {
        var bytes = new byte[(int) file.getLong(at + 32) - 1];
        file.get((int) file.getLong(at + 8), bytes);
        return Optional.of(new String(bytes, StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }
}
