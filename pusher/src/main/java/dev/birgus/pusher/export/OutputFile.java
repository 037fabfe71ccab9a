package dev.birgus.pusher.export;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.WRITE;
import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.pusher.content.Interruptions;
import dev.birgus.pusher.content.Reasons;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A file a user asked for. It is written beside its place and moved there when it is whole, so a
 * failure leaves what was there before. What is no regular file (a pipe, a terminal) and what is
 * reached through {@code /dev} or {@code /proc} ({@code /dev/stdout}) is written in place instead:
 * it must not be replaced.
 */
final class OutputFile {

  private static final int BUFFER = 128 << 10;

  private final String what;
  private final Path path;

  /**
   * A file at a place.
   *
   * @param what it is, for messages: "the image tar"
   * @param path absolute
   */
  OutputFile(String what, Path path) {
    this.what = requireNonNull(what, "what");
    this.path = requireNonNull(path, "path").normalize();
  }

  /** Writes what a file holds. */
  @FunctionalInterface
  interface Content {
    /** Writes it all. */
    void writeTo(OutputStream out) throws IOException, InterruptedException;
  }

  /**
   * Writes the file, with permissions 0644 unless the umask takes more; directories that are
   * missing are made, with 0700.
   *
   * @throws FailureException naming the path and the reason
   */
  void write(Content content) throws InterruptedException {
    try {
      if (inPlace()) {
        writeInPlace(content);
      } else {
        replace(content);
      }
    } catch (IOException broken) {
      Interruptions.rethrow(broken);
      throw failure(what, path, broken);
    }
  }

  /** The failure to write something at a path. */
  static FailureException failure(String what, Path path, IOException broken) {
    return Failure.of(
            "output-not-writable",
            "cannot write " + what + " " + path + ": " + Reasons.of(broken),
            "Give a path in a directory that can be written and has room enough.")
        .toException(broken);
  }

  private boolean inPlace() throws IOException {
    if ((path.startsWith("/dev") && !path.startsWith("/dev/shm")) || path.startsWith("/proc")) {
      return true;
    }
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return attributes.isOther();
    } catch (NoSuchFileException missing) {
      return false;
    }
  }

  /**
   * A pipe that nobody reads blocks its writer, whom no interrupt reaches then. So another thread
   * writes, and it is left behind when we are interrupted.
   */
  private void writeInPlace(Content content) throws IOException, InterruptedException {
    var written =
        new FutureTask<Optional<IOException>>(() -> {
          try {
            writeHere(content);
            return Optional.empty();
          } catch (IOException broken) {
            return Optional.of(broken);
          }
        });
    var writer = Thread.ofPlatform().daemon().name("write-in-place").start(written);
    try {
      var broken = written.get();
      if (broken.isPresent()) {
        throw broken.get();
      }
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case InterruptedException interrupted -> throw interrupted;
        case RuntimeException unchecked -> throw unchecked;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(failed);
      }
    } finally {
      writer.interrupt();
    }
  }

  private void writeHere(Content content) throws IOException, InterruptedException {
    // A redirected standard output is shared with what else is printed there: never truncate it.
    var options = Files.isRegularFile(path) ? Set.of(WRITE, APPEND) : Set.of(WRITE);
    try (var channel = FileChannel.open(path, options);
        var out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER)) {
      content.writeTo(out);
    }
  }

  private void replace(Content content) throws IOException, InterruptedException {
    // A symbolic link stays: what it points to is replaced.
    var target = Files.exists(path) ? path.toRealPath() : path;
    if (Files.isDirectory(target)) {
      throw new IOException("it is a directory");
    }
    var made = new MadeDirectories();
    try {
      var directory = requireNonNull(target.getParent(), "an absolute path has a parent");
      made.make(directory, PosixFilePermissions.fromString("rwx------"));
      try (var draft = Draft.in(directory)) {
        var out = new BufferedOutputStream(draft.out(), BUFFER);
        content.writeTo(out);
        out.flush();
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted while writing " + path);
        }
        draft.moveTo(target);
      }
      made.keep();
    } finally {
      made.removeUnlessKept();
    }
  }
}
