package dev.birgus.ingest.api;

import dev.birgus.infra.contracts.BuildId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * The names of builds that are not remembered any more, in a file. Their events are on the topics
 * still, and would come as news to a server that is started again.
 */
final class ForgottenBuilds {

  private final Path file;
  private final int most;
  private final LinkedHashSet<String> names = new LinkedHashSet<>();
  private long lines;

  private ForgottenBuilds(Path file, int most) {
    this.file = file;
    this.most = most;
  }

  /**
   * Reads the file, if it is there.
   *
   * @param most names that are kept, the latest
   */
  static ForgottenBuilds open(Path file, int most) throws IOException {
    var forgotten = new ForgottenBuilds(file, most);
    if (Files.exists(file)) {
      try (var known = Files.lines(file, StandardCharsets.UTF_8)) {
        known.forEach(forgotten::remember);
      }
      forgotten.write();
    }
    return forgotten;
  }

  private void remember(String name) {
    names.add(name);
    if (names.size() > most) {
      names.removeFirst();
    }
  }

  boolean contains(BuildId build) {
    return names.contains(build.value());
  }

  /** From now on it is one of them. */
  void add(BuildId build) throws IOException {
    remember(build.value());
    Files.writeString(
        file, build.value() + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    lines++;
    if (lines > 2L * most) {
      write();
    }
  }

  private void write() throws IOException {
    var draft = file.resolveSibling(file.getFileName() + ".new");
    Files.write(draft, List.copyOf(names), StandardCharsets.UTF_8);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    lines = names.size();
  }
}
