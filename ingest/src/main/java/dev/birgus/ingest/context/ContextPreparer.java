package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** Makes a context a directory: a directory is used where it is, an archive is unpacked. */
public final class ContextPreparer {

  private final TarUnpacker unpacker;
  private final StandardInput input;
  private final Journal journal;

  /** A preparer whose archives may come from this standard input. */
  public ContextPreparer(UnpackLimits limits, StandardInput input, Journal journal) {
    this.unpacker = new TarUnpacker(limits);
    this.input = requireNonNull(input, "input");
    this.journal = requireNonNull(journal, "journal");
  }

  /**
   * Prepares a context.
   *
   * @param subPath directory in it that is the context; empty for all of it
   * @param unpackTo asked, for an archive only, where to unpack it: nothing is there yet
   * @throws FailureException if it is missing, unreadable, or its sub path leads nowhere
   */
  public PreparedContext prepare(ContextSource source, String subPath, Supplier<Path> unpackTo) {
    var whole =
        switch (source) {
          case ContextSource.Directory(var path) -> new PreparedContext(directory(path), false);
          case ContextSource.TarFile(var path) -> unpackFile(path, unpackTo);
          case ContextSource.TarOnStandardInput() -> unpackInput(unpackTo);
        };
    return subPath.isEmpty() ? whole : within(whole, subPath);
  }

  private static Path directory(Path path) {
    if (!Files.exists(path)) {
      throw noContext(
          "the build context " + path + " does not exist", "Give --context a directory.");
    }
    if (!Files.isDirectory(path)) {
      throw noContext(
          "the build context " + path + " is not a directory",
          "For a tar write tar://" + path + ".");
    }
    try {
      return path.toRealPath();
    } catch (IOException e) {
      throw noContext("the build context " + path + " cannot be opened", "Check its permissions.");
    }
  }

  private PreparedContext unpackFile(Path path, Supplier<Path> unpackTo) {
    if (!Files.exists(path)) {
      throw noContext("the build context " + path + " does not exist", "Give tar:// a tar file.");
    }
    if (Files.isDirectory(path)) {
      throw noContext(
          "the build context " + path + " is a directory, not a tar", "Leave tar:// out.");
    }
    try (var stream = Files.newInputStream(path)) {
      return unpack(stream, path.toString(), unpackTo.get());
    } catch (IOException e) {
      throw noContext(
          "the build context " + path + " cannot be read: " + e.getMessage(),
          "Check its permissions.");
    }
  }

  private PreparedContext unpackInput(Supplier<Path> unpackTo) {
    if (input.isTerminal()) {
      throw noContext(
          "the build context should come from standard input, which is a terminal: no data found",
          "Pipe a tar in, as in: tar -cz . | birgus build --context tar://stdin; with docker run or"
              + " kubectl run don't forget to add the '--interactive, -i' flag.");
    }
    return unpack(input.stream(), "standard input", unpackTo.get());
  }

  private PreparedContext unpack(InputStream stream, String name, Path unpackTo) {
    var report = unpacker.unpack(stream, name, unpackTo);
    if (report.specialFiles() > 0) {
      journal.log(
          Journal.Level.WARN,
          "devices and fifos of the build context were left out",
          Map.of("count", String.valueOf(report.specialFiles()), LogKeys.PATH, name));
    }
    if (report.lostAttributes() > 0) {
      journal.log(
          Journal.Level.WARN,
          "extended attributes of files of the build context were not kept",
          Map.of("count", String.valueOf(report.lostAttributes()), LogKeys.PATH, name));
    }
    try {
      return new PreparedContext(unpackTo.toRealPath(), true);
    } catch (IOException e) {
      throw noContext("the unpacked build context is gone: " + e.getMessage(), "Try again.");
    }
  }

  private static PreparedContext within(PreparedContext whole, String subPath) {
    var advice = "Give --context-sub-path a directory inside the context, without a leading slash.";
    try {
      var relative = subPath.startsWith("/") ? subPath.substring(1) : subPath;
      var real = whole.directory().resolve(relative).toRealPath();
      if (!real.startsWith(whole.directory())) {
        throw noContext(
            "the context sub path \"" + subPath + "\" leads outside of the context", advice);
      }
      if (!Files.isDirectory(real)) {
        throw noContext("the context sub path \"" + subPath + "\" is not a directory", advice);
      }
      return new PreparedContext(real, whole.isForeign());
    } catch (IOException | InvalidPathException e) {
      throw noContext("the context has no directory \"" + subPath + "\"", advice);
    }
  }

  /** CI jobs look for the first words in kaniko's output. */
  private static FailureException noContext(String message, String advice) {
    return Failure.of("bad-context", "error resolving source context: " + message, advice)
        .toException();
  }
}
