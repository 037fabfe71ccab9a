package dev.birgus.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Does a little of everything in one process, so that the JVM can write down in its start-up cache
 * which classes that takes. Run when birgus is built, never by a user.
 */
final class Rehearsal {

  private Rehearsal() {}

  /**
   * Rehearses.
   *
   * @param arguments an empty folder to work in
   */
  public static void main(String[] arguments) throws IOException {
    var folder = Path.of(arguments[0]).toAbsolutePath();
    Files.writeString(
        folder.resolve("Dockerfile"),
        """
        FROM scratch AS first
        ARG NAME=file
        COPY --chown=1:1 Dockerfile /${NAME}
        FROM scratch
        ENV A=b
        WORKDIR /work
        COPY --from=first /file .
        ADD Dockerfile /
        CMD ["/file"]
        """);
    Main.run(List.of("--help"));
    Main.run(List.of("version"));
    Main.run(List.of("--no-such-flag"));
    Main.run(
        List.of("check", "--context=" + folder, "--dockerfile=" + folder.resolve("Dockerfile")));
    for (var progress : List.of("plain", "tty")) {
      Main.run(
          List.of(
              "build",
              "--progress=" + progress,
              "--context=" + folder,
              "--dockerfile=" + folder.resolve("Dockerfile"),
              "--no-push",
              "--destination=example.com/rehearsal:1",
              "--tar-path=" + folder.resolve("image.tar"),
              "--digest-file=" + folder.resolve("digest"),
              "--state-dir=" + folder.resolve("state")));
    }
  }
}
