package dev.birgus.ingest.service;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.oci.ImageReference;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;

/** What the values of {@code --build-context} stand for. */
final class NamedContexts {

  /** A value, understood. */
  sealed interface Meaning {
    /** A directory, which is there. */
    record Directory(Path path) implements Meaning {}

    /** An image. */
    record Image(ImageSource source) implements Meaning {}
  }

  private final Path workingDirectory;

  NamedContexts(Path workingDirectory) {
    this.workingDirectory = workingDirectory;
  }

  /**
   * Reads a directory, {@code dir://DIR}, {@code oci-layout://DIR[:TAG]}, {@code
   * docker-image://REFERENCE}, or a {@code .tar}, {@code .tar.gz} or {@code .tgz} file of a root
   * file system.
   */
  Meaning read(String name, String value) {
    var end = value.indexOf("://");
    var prefix = end < 0 ? "dir://" : value.substring(0, end + 3);
    var rest = end < 0 ? value : value.substring(end + 3);
    try {
      return switch (prefix) {
        case "dir://" -> files(name, value, workingDirectory.resolve(rest).normalize());
        case "oci-layout://" -> new Meaning.Image(layout(name, value, rest));
        case "docker-image://" ->
            new Meaning.Image(new ImageSource.FromRegistry(ImageReference.parse(rest)));
        default ->
            throw bad(name, value, "contexts of the kind " + prefix + " are not supported yet");
      };
    } catch (InvalidPathException e) {
      throw bad(name, value, e.getReason());
    } catch (IllegalArgumentException e) {
      throw bad(name, value, String.valueOf(e.getMessage()));
    }
  }

  private static Meaning files(String name, String value, Path path) {
    if (value.isEmpty() || value.equals("dir://")) {
      throw bad(name, value, "it names no path");
    }
    if (Files.isDirectory(path)) {
      return new Meaning.Directory(path);
    }
    if (!Files.exists(path)) {
      throw bad(name, value, path + " does not exist");
    }
    var file = path.toString().toLowerCase(Locale.ROOT);
    if (file.endsWith(".tar") || file.endsWith(".tar.gz") || file.endsWith(".tgz")) {
      return new Meaning.Image(new ImageSource.FromRootfsArchive(path.toString()));
    }
    throw bad(name, value, path + " is neither a directory nor a .tar, .tar.gz or .tgz file");
  }

  private ImageSource layout(String name, String value, String rest) {
    var colon = rest.lastIndexOf(':');
    var hasTag = colon > rest.lastIndexOf('/');
    var directory = workingDirectory.resolve(hasTag ? rest.substring(0, colon) : rest).normalize();
    if (rest.contains("@")) {
      throw bad(name, value, "a digest in an OCI layout is not supported yet");
    }
    if (!Files.isRegularFile(directory.resolve("index.json"))) {
      throw bad(name, value, directory + " is not an OCI image layout: it has no index.json");
    }
    return new ImageSource.FromLayout(
        directory.toString(), hasTag ? rest.substring(colon + 1) : "");
  }

  private static FailureException bad(String name, String value, String why) {
    return Failure.of(
            "bad-build-context",
            "--build-context " + name + "=" + value + ": " + why,
            "Give it a directory, oci-layout://DIR[:TAG], docker-image://REFERENCE, or a tar of a"
                + " root file system.")
        .toException();
  }
}
