package dev.birgus.cli;

import dev.birgus.executor.files.Privileges;
import dev.birgus.executor.files.ProgramImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Starts this process anew in namespaces of its own, as the launcher does, where a JVM was started
 * without it and may not do what building takes. A process that has threads cannot enter a user
 * namespace, so a shell does it in its place and becomes this program again.
 */
final class Reentry {

  /** Says what became of it; the launcher sets it as well. */
  static final String STATE = "birgus.namespace";

  /** Why it was refused. */
  static final String REASON = "birgus.namespace.reason";

  /** The user id outside of a user namespace we are in. */
  static final String USER = "birgus.user";

  private static final Path PROCESS = Path.of("/proc/self");

  private Reentry() {}

  /**
   * Returns if there is nothing to be done, or if it cannot be.
   *
   * @return why it cannot be done; empty if it need not be
   */
  static String start() {
    try {
      if (!Files.isReadable(PROCESS.resolve("status"))) {
        return "";
      }
      var privileges = Privileges.ofThisProcess();
      if (privileges.user() == 0 && privileges.missing(true).isEmpty()) {
        return "";
      }
      throw ProgramImage.become(command(), words(PROCESS.resolve("environ")));
    } catch (IOException impossible) {
      return String.valueOf(impossible.getMessage());
    }
  }

  /** A shell that reads the launcher's script and becomes this very JVM with it. */
  private static List<byte[]> command() throws IOException {
    var command = new ArrayList<byte[]>();
    for (var word : List.of("/bin/sh", "-uc", script() + "\nbecome \"$@\"\n", "birgus")) {
      command.add(word.getBytes(StandardCharsets.UTF_8));
    }
    var program = Files.readSymbolicLink(PROCESS.resolve("exe"));
    command.add(program.toString().getBytes(StandardCharsets.UTF_8));
    var words = words(PROCESS.resolve("cmdline"));
    command.addAll(words.subList(1, words.size()));
    return command;
  }

  private static String script() throws IOException {
    try (var resource = Reentry.class.getResourceAsStream("namespaces.sh")) {
      if (resource == null) {
        throw new IOException("namespaces.sh is missing beside " + Reentry.class.getName());
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Words that end with a zero, which need not be text. */
  private static List<byte[]> words(Path file) throws IOException {
    var bytes = Files.readAllBytes(file);
    var words = new ArrayList<byte[]>();
    var begin = 0;
    for (var i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        words.add(Arrays.copyOfRange(bytes, begin, i));
        begin = i + 1;
      }
    }
    return words;
  }
}
