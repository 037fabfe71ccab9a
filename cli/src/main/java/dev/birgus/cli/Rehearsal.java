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
   * @param arguments an empty folder to work in; a program without libraries that is a shell, where
   *     commands may be run
   */
  public static void main(String[] arguments) throws IOException {
    var folder = Path.of(arguments[0]).toAbsolutePath();
    withoutCommands(folder);
    if (arguments.length > 1) {
      withCommands(folder, Path.of(arguments[1]));
    }
  }

  private static void withoutCommands(Path folder) throws IOException {
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

  /** A base that is pushed and then built from by a node that does not have it. */
  private static void withCommands(Path folder, Path shell) throws IOException {
    var context = Files.createDirectories(folder.resolve("context"));
    Files.copy(shell, context.resolve("sh"));
    Files.writeString(context.resolve("base"), "FROM scratch\nCOPY --chmod=755 sh /bin/sh\n");
    try (var registry = RehearsalRegistry.start()) {
      Files.writeString(
          context.resolve("Dockerfile"),
          """
          FROM %1$s/base:1 AS build
          COPY Dockerfile /src/
          RUN echo done > /src/file
          FROM %1$s/base:1
          RUN echo first; echo second > /second
          COPY --from=build /src /src
          RUN echo third
          """
              .formatted(registry.host()));
      build(folder, "base-state", "base", registry.host() + "/base:1");
      for (var image : List.of("a", "b")) {
        build(folder, "state", "Dockerfile", registry.host() + "/" + image + ":1");
      }
    }
  }

  private static void build(Path folder, String state, String dockerfile, String image) {
    Main.run(
        List.of(
            "build",
            "--context=" + folder.resolve("context"),
            "--dockerfile=" + dockerfile,
            "--destination=" + image,
            "--state-dir=" + folder.resolve(state)));
  }
}
