package dev.birgus.executor.run;

import dev.birgus.executor.files.Processor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The program that starts commands, {@code nsrun}. It is compiled for the processor the build runs
 * on (src/main/c), comes in our jar, and is put into a folder of the node once, under the digest of
 * its bytes.
 *
 * @param program the installed file
 */
public record Launcher(Path program) {

  private static final String NAME = "nsrun-";

  /**
   * Installs the program of this machine's processor, if it is not there yet.
   *
   * @param folder made if need be; only its owner should be able to write to it
   * @return empty if there is none for this processor, because it was built without a C compiler
   */
  public static Optional<Launcher> install(Path folder) throws IOException {
    var resource = NAME + Processor.name();
    try (var digest = Launcher.class.getResourceAsStream(resource + ".sha256")) {
      if (digest == null) {
        return Optional.empty();
      }
      var name = new String(digest.readAllBytes(), StandardCharsets.US_ASCII).strip();
      var program = folder.resolve(NAME + name);
      if (!Files.exists(program)) {
        install(resource, folder, program);
      }
      return Optional.of(new Launcher(program));
    }
  }

  /** Whether there is one for this machine's processor. */
  static boolean isBuilt() {
    return Launcher.class.getResource(NAME + Processor.name() + ".sha256") != null;
  }

  private static void install(String resource, Path folder, Path program) throws IOException {
    Files.createDirectories(folder);
    var mode = PosixFilePermissions.fromString("rwxr-xr-x");
    var unfinished = Files.createTempFile(folder, "new-", "");
    try (var bytes = Launcher.class.getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new IOException("the jar has a digest of " + resource + " and not the program");
      }
      Files.copy(bytes, unfinished, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(unfinished, mode);
      Files.move(unfinished, program, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
