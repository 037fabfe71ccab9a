package dev.birgus.ingest.service;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.registry.WebFiles;
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

    /** The empty image. */
    record Nothing() implements Meaning {}

    /** A tar of a root file system that has to be fetched. */
    record ArchiveAt(String address) implements Meaning {}

    /** An image. */
    record Image(ImageSource source) implements Meaning {}
  }

  private final Path workingDirectory;

  NamedContexts(Path workingDirectory) {
    this.workingDirectory = workingDirectory;
  }

  /**
   * Reads a directory, {@code dir://DIR}, {@code oci-layout://DIR[:TAG][@DIGEST]}, {@code
   * docker-image://REFERENCE}, or a {@code .tar}, {@code .tar.gz} or {@code .tgz} file of a root
   * file system, here or at an address.
   *
   * @throws FailureException naming the context, if the name or the value cannot be used
   */
  Meaning read(String name, String value) {
    refuseName(name, value);
    var end = value.indexOf("://");
    var prefix = end < 0 ? "dir://" : value.substring(0, end + 3);
    var rest = end < 0 ? value : value.substring(end + 3);
    try {
      return switch (prefix) {
        case "dir://" -> files(name, value, workingDirectory.resolve(rest).normalize());
        case "oci-layout://" -> new Meaning.Image(layout(name, value, rest));
        case "docker-image://" ->
            rest.equals("scratch")
                ? new Meaning.Nothing()
                : new Meaning.Image(new ImageSource.FromRegistry(ImageReference.parse(rest)));
        case "http://", "https://" -> archiveAt(name, value);
        default ->
            throw bad(name, value, "contexts of the kind " + prefix + " are not supported yet");
      };
    } catch (InvalidPathException e) {
      throw bad(name, value, e.getReason());
    } catch (IllegalArgumentException e) {
      throw bad(name, value, String.valueOf(e.getMessage()));
    }
  }

  private static void refuseName(String name, String value) {
    if (name.equals("scratch") || name.equals("context")) {
      throw bad(name, value, "the name \"" + name + "\" cannot stand for anything else");
    }
    try {
      ImageReference.parse(name);
    } catch (IllegalArgumentException e) {
      throw bad(name, value, "the name is neither a stage's nor an image's: " + e.getMessage());
    }
  }

  private static Meaning archiveAt(String name, String value) {
    var path = WebFiles.shown(value);
    if (path.endsWith(".git") || value.contains(".git#")) {
      throw bad(name, value, "git contexts are not supported yet");
    }
    return new Meaning.ArchiveAt(value);
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
    var at = rest.lastIndexOf('@');
    var place = at < 0 ? rest : rest.substring(0, at);
    var colon = place.lastIndexOf(':');
    var hasTag = colon > place.lastIndexOf('/');
    var directory =
        workingDirectory.resolve(hasTag ? place.substring(0, colon) : place).normalize();
    var tag = hasTag ? place.substring(colon + 1) : "";
    // As docker has it, the digest is what counts where there are both.
    var reference = at < 0 ? tag : Digest.parse(rest.substring(at + 1)).toString();
    if (!Files.isRegularFile(directory.resolve("index.json"))) {
      throw bad(name, value, directory + " is not an OCI image layout: it has no index.json");
    }
    return new ImageSource.FromLayout(directory.toString(), reference);
  }

  private static FailureException bad(String name, String value, String why) {
    return Failure.of(
            "bad-build-context",
            "--build-context " + name + "=" + shown(value) + ": " + why,
            "Give it a directory, oci-layout://DIR[:TAG][@DIGEST], docker-image://REFERENCE, or the"
                + " path or the https address of a tar of a root file system.")
        .toException();
  }

  /** Addresses may hold passwords. */
  private static String shown(String value) {
    return value.startsWith("http://") || value.startsWith("https://") || value.startsWith("git")
        ? WebFiles.shown(value)
        : value;
  }
}
