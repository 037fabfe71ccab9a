package dev.birgus.ingest.context;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kinds of small UTF-8 files a build is described with. */
enum TextFile {
  DOCKERFILE("Dockerfile", "dockerfile"),
  IGNORE_FILE("ignore file", "ignore-file");

  private static final int MAX_BYTES = 16 << 20;

  private final String title;
  private final String failureName;

  TextFile(String title, String failureName) {
    this.title = title;
    this.failureName = failureName;
  }

  /** Reads a file whole. */
  String read(Path file, String name) {
    try (var stream = Files.newInputStream(file)) {
      return read(stream, name);
    } catch (AccessDeniedException e) {
      throw failure(name, "cannot be read: no permission", "Change its permissions.", e);
    } catch (IOException e) {
      throw failure(name, "cannot be read: " + e.getMessage(), "Check the file.", e);
    }
  }

  /** Reads a stream to its end; a byte order mark is dropped. */
  String read(InputStream stream, String name) {
    try {
      var bytes = stream.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw failure(name, "is larger than " + MAX_BYTES + " bytes", "Name the right file.", null);
      }
      var decoded = LenientText.of(bytes);
      if (decoded.badLine().isPresent()) {
        throw failure(
            name,
            "is not UTF-8 text in line " + decoded.badLine().getAsInt(),
            "Convert it, or name the right file. Only comments may be in another encoding.",
            null);
      }
      var text = decoded.text();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (IOException e) {
      throw failure(name, "cannot be read: " + e.getMessage(), "Check the file.", e);
    }
  }

  private FailureException failure(
      String name, String what, String advice, @org.jspecify.annotations.Nullable Exception cause) {
    var failure =
        Failure.of("unreadable-" + failureName, "the " + title + " " + name + " " + what, advice);
    return cause == null ? failure.toException() : failure.toException(cause);
  }
}
