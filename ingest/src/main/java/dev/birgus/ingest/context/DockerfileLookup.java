package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.BuildRequest.Dockerfile;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.registry.WebFiles;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/**
 * Finds the Dockerfile and the ignore file that goes with it. As kaniko does, a name is first tried
 * where the user stands and then in the context; that the Dockerfile, or the ignore file, is itself
 * ignored does not matter.
 */
public final class DockerfileLookup {

  private static final String IGNORE_FILE = ".dockerignore";

  private final PreparedContext context;
  private final Path workingDirectory;

  /** A lookup for a context, by a user who stands in this directory. */
  public DockerfileLookup(PreparedContext context, Path workingDirectory) {
    this.context = requireNonNull(context, "context");
    this.workingDirectory = requireNonNull(workingDirectory, "workingDirectory");
  }

  /**
   * A Dockerfile and what belongs to it.
   *
   * @param rules of the ignore file next to it, else of the one in the context, else none
   */
  public record Found(Dockerfile dockerfile, IgnoreRules rules) {
    public Found {
      requireNonNull(dockerfile, "dockerfile");
      requireNonNull(rules, "rules");
    }
  }

  /**
   * Reads the Dockerfile.
   *
   * @param value as given to {@code --dockerfile}; {@code -} is standard input, and what begins
   *     with {@code http://} or {@code https://} is fetched
   * @throws FailureException if there is none, or it is not text
   */
  public Found find(String value, StandardInput input, RemoteFiles remote) {
    if (value.equals("-")) {
      return new Found(new Dockerfile("-", read(input)), contextRules());
    }
    if (value.startsWith("http://") || value.startsWith("https://")) {
      var name = WebFiles.shown(value);
      return new Found(new Dockerfile(name, fetch(value, name, remote)), contextRules());
    }
    var file = locate(value);
    var text = TextFile.DOCKERFILE.read(file, value);
    return new Found(new Dockerfile(value, text), rulesFor(file));
  }

  private static String read(StandardInput input) {
    if (input.isTerminal()) {
      throw Failure.of(
              "no-dockerfile",
              "the Dockerfile should come from standard input, which is a terminal",
              "Pipe it in, as in: birgus build --dockerfile - < Dockerfile")
          .toException();
    }
    return TextFile.DOCKERFILE.read(input.stream(), "standard input");
  }

  private static String fetch(String address, String name, RemoteFiles remote) {
    try (var stream = remote.open(address)) {
      return TextFile.DOCKERFILE.read(stream, name);
    } catch (IOException e) {
      throw Failure.of(
              "unreadable-dockerfile",
              "the Dockerfile " + name + " cannot be read: " + e.getMessage(),
              "Try again, or download it and give --dockerfile the file.")
          .toException(e);
    }
  }

  private Path locate(String value) {
    try {
      var candidates = List.of(workingDirectory.resolve(value), inContext(value));
      for (var i = 0; i < candidates.size(); i++) {
        var candidate = candidates.get(i);
        // A fifo is fine where the user stands: a shell makes one for <(...).
        if (i == 0
            ? Files.exists(candidate) && !Files.isDirectory(candidate)
            : Files.isRegularFile(candidate)) {
          return i == 0 ? candidate : context.contained(candidate);
        }
      }
      throw missing(value, candidates);
    } catch (InvalidPathException e) {
      throw unresolved("\"" + value + "\" is not a path: " + e.getReason(), "Correct the name.");
    }
  }

  private Path inContext(String value) {
    var relative = value.startsWith("/") ? value.substring(1) : value;
    return context.directory().resolve(relative).normalize();
  }

  private static FailureException missing(String value, List<Path> candidates) {
    for (var candidate : candidates) {
      if (Files.isDirectory(candidate)) {
        return unresolved(
            candidate + " is a directory",
            "Name the file in it, as in --dockerfile=DIR/Dockerfile.");
      }
      if (Files.exists(candidate, LinkOption.NOFOLLOW_LINKS)) {
        return unresolved(
            candidate + " is not a file", "A broken symbolic link or a special file.");
      }
    }
    return unresolved(
        "there is no \"" + value + "\"",
        "Looked for " + candidates.getFirst() + " and " + candidates.getLast() + ".");
  }

  /** CI jobs look for these words in kaniko's output. */
  private static FailureException unresolved(String why, String advice) {
    return Failure.of(
            "no-dockerfile",
            "error resolving dockerfile path: please provide a valid path to a Dockerfile within the"
                + " build context with --dockerfile ("
                + why
                + ")",
            advice)
        .toException();
  }

  private IgnoreRules rulesFor(Path dockerfile) {
    var beside = dockerfile.resolveSibling(dockerfile.getFileName() + IGNORE_FILE);
    return Files.isRegularFile(beside)
        ? rules(context.contains(dockerfile) ? context.contained(beside) : beside)
        : contextRules();
  }

  /** The rules of the ignore file in the context's own directory. */
  public IgnoreRules contextRules() {
    var file = context.directory().resolve(IGNORE_FILE);
    return Files.isRegularFile(file) ? rules(context.contained(file)) : IgnoreRules.none();
  }

  private static IgnoreRules rules(Path file) {
    return IgnoreRules.parse(file.toString(), TextFile.IGNORE_FILE.read(file, file.toString()));
  }
}
