package dev.birgus.infra.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * Docker's configuration file as a place to put credentials. Everything else in it stays as it is;
 * the file is replaced whole, and readable by its owner only.
 */
public final class DockerConfigFile {

  private static final String HUB_KEY = "https://index.docker.io/v1/";
  private static final int LARGEST = 4 << 20;

  private final Path file;
  private final CredentialProgram programs;

  /** Where a credential was put. */
  public sealed interface Stored {
    /** In the file itself, which hides it from nobody who may read the file. */
    record InFile(Path file) implements Stored {}

    /** In the store of a program {@code docker-credential-<name>} that the file names. */
    record InStore(String name) implements Stored {}
  }

  /** The file of these settings that docker itself would write. */
  public DockerConfigFile(CredentialSettings settings) {
    if (settings.files().isEmpty()) {
      throw Failure.of(
              "credentials-not-stored",
              "there is no place for a docker configuration: neither DOCKER_CONFIG nor HOME is set",
              "Set DOCKER_CONFIG to a directory.")
          .toException();
    }
    this.file = settings.files().getFirst();
    this.programs = new CredentialProgram(settings.programPath(), settings.helperLimit());
  }

  /**
   * Puts a user's password for a registry into the file, or into the helper it names for that.
   *
   * @param registry host and optional port and path; an {@code https://} before it is left out
   * @throws FailureException if the file cannot be understood or written, or the helper fails
   */
  public Stored store(String registry, Credential.UserPassword credential) {
    requireNonNull(credential, "credential");
    var key = key(registry);
    var config = read();
    var helper = helper(config, key);
    if (helper.isPresent()) {
      programs.store(helper.get(), key, credential, file.toString());
      write(withEntry(config, key, Json.Obj.EMPTY));
      return new Stored.InStore(helper.get());
    }
    var pair = credential.user() + ":" + credential.password();
    var auth = Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    write(withEntry(config, key, Json.Obj.EMPTY.with("auth", Json.of(auth))));
    return new Stored.InFile(file);
  }

  /** What docker calls a registry in its configuration. */
  static String key(String registry) {
    var text = registry;
    for (var scheme : new String[] {"https://", "http://"}) {
      if (text.toLowerCase(Locale.ROOT).startsWith(scheme)) {
        text = text.substring(scheme.length());
      }
    }
    while (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "docker.io", "index.docker.io", "registry-1.docker.io", "index.docker.io/v1" -> HUB_KEY;
      default -> text;
    };
  }

  /**
   * The host and port a registry is reached at.
   *
   * @param registry as {@link #store} takes it
   */
  public static String host(String registry) {
    var key = key(registry);
    var slash = key.indexOf('/');
    return key.equals(HUB_KEY)
        ? ImageReference.DOCKER_HUB
        : slash < 0 ? key : key.substring(0, slash);
  }

  private static Optional<String> helper(Json.Obj config, String key) {
    return config
        .object("credHelpers")
        .string(key)
        .or(() -> config.string("credsStore"))
        .filter(name -> !name.isEmpty());
  }

  private static Json.Obj withEntry(Json.Obj config, String key, Json.Obj entry) {
    return config.with("auths", config.object("auths").with(key, entry));
  }

  private Json.Obj read() {
    try (var input = Files.newInputStream(file)) {
      var bytes = input.readNBytes(LARGEST);
      return new String(bytes, UTF_8).isBlank() ? Json.Obj.EMPTY : JsonText.parseObject(bytes);
    } catch (NoSuchFileException _) {
      return Json.Obj.EMPTY;
    } catch (JsonSyntaxException _) {
      throw refused("it is not a JSON object", "Correct it, or move it away.");
    } catch (IOException broken) {
      throw refused("it cannot be read: " + broken.getClass().getSimpleName(), "Check its rights.");
    }
  }

  private void write(Json.Obj config) {
    try {
      // A link stays one: it is what it leads to that is replaced.
      var target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      var folder = requireNonNull(target.getParent());
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      // Files made so are readable by their owner only, from the first byte.
      var draft = Files.createTempFile(folder, ".config", null);
      try {
        Files.writeString(draft, JsonText.text(config) + "\n");
        Files.move(
            draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException broken) {
      throw refused(
          "it cannot be written: " + broken.getClass().getSimpleName(),
          "Set DOCKER_CONFIG to a directory you may write to.");
    }
  }

  private FailureException refused(String reason, String advice) {
    return Failure.of(
            "credentials-not-stored",
            "cannot put credentials into the docker configuration " + file + ": " + reason,
            advice)
        .toException();
  }
}
