package dev.birgus.infra.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The credentials of one docker config file, with its credential helpers. An entry for a longer
 * part of {@code registry/repository} wins over one for a shorter part; a helper named for the
 * registry wins over the store for all, and both over what stands in the file.
 *
 * <p>The file is read at the first question, and again at the next one if that failed.
 */
final class DockerConfigCredentials implements Credentials {

  private static final String HUB = "index.docker.io";
  private static final String HUB_KEY = "https://index.docker.io/v1/";
  private static final int LARGEST = 4 << 20;

  /** Gives the bytes of the configuration; none if there is none. */
  private interface Source {
    Optional<byte[]> read() throws IOException;
  }

  private final String name;
  private final Source source;
  private final CredentialProgram helper;
  private final CredentialSettings settings;
  private Optional<Json.Obj> parsed = Optional.empty();

  private DockerConfigCredentials(String name, Source source, CredentialSettings settings) {
    this.name = name;
    this.source = source;
    this.helper = new CredentialProgram(settings.programPath(), settings.helperLimit());
    this.settings = settings;
  }

  static List<Credentials> all(CredentialSettings settings) {
    var result = new ArrayList<Credentials>();
    settings
        .inline()
        .ifPresent(text ->
            result.add(
                new DockerConfigCredentials(
                    "the variable DOCKER_AUTH_CONFIG",
                    () -> Optional.of(text.getBytes(UTF_8)),
                    settings)));
    for (var file : settings.files()) {
      result.add(new DockerConfigCredentials(file.toString(), () -> read(file), settings));
    }
    return List.copyOf(result);
  }

  private static Optional<byte[]> read(Path file) throws IOException {
    try (var input = Files.newInputStream(file)) {
      return Optional.of(input.readNBytes(LARGEST));
    } catch (NoSuchFileException | NotDirectoryException _) {
      return Optional.empty();
    }
  }

  private synchronized Json.Obj config() {
    if (parsed.isEmpty()) {
      try {
        var bytes = source.read();
        // An empty file is what a mount of a missing secret often comes to.
        parsed =
            Optional.of(
                bytes.isEmpty() || new String(bytes.get(), UTF_8).isBlank()
                    ? Json.Obj.EMPTY
                    : JsonText.parseObject(bytes.get()));
      } catch (JsonSyntaxException _) {
        throw broken("it is not a JSON object", "check its syntax");
      } catch (IOException cause) {
        throw broken("it cannot be read: " + cause.getClass().getSimpleName(), "check its rights");
      }
    }
    return parsed.get();
  }

  @Override
  public Optional<Credential> find(String registry, String repository) {
    return provide(registry, repository).map(Provided::credential);
  }

  @Override
  public List<String> knownRegistries() {
    var config = config();
    var names = new ArrayList<String>();
    for (var section : List.of("credHelpers", "auths")) {
      config
          .object(section)
          .members()
          .forEach((key, value) -> {
            if (!isEmpty(value)) {
              names.add(key + " (in " + name + ")");
            }
          });
    }
    return List.copyOf(names);
  }

  @Override
  public Optional<Provided> provide(String registry, String repository) {
    var config = config();
    var wanted = normalised(registry) + "/" + repository;
    var helperName = longest(config.object("credHelpers").members(), wanted);
    if (helperName.isPresent() && helperName.get().value() instanceof Json.Str(var program)) {
      return ask(program, registry);
    }
    var store = config.string("credsStore").filter(text -> !text.isEmpty());
    if (store.isPresent()) {
      var stored = ask(store.get(), registry);
      if (stored.isPresent()) {
        return stored;
      }
    }
    var entry = longest(config.object("auths").members(), wanted);
    return entry.isPresent() && entry.get().value() instanceof Json.Obj auth
        ? credential(entry.get().key(), auth)
            .map(found -> new Provided(found, "the entry \"" + entry.get().key() + "\" of " + name))
        : Optional.empty();
  }

  /**
   * What a helper has. Configurations made for kaniko name programs of its image: where one is not
   * installed and a built-in source does its work, that is asked later on.
   */
  private Optional<Provided> ask(String program, String registry) {
    return settings.standsInFor(program) && !helper.isInstalled(program)
        ? Optional.empty()
        : helper
            .get(program, serverOf(registry), name)
            .map(found ->
                new Provided(found, "docker-credential-" + program + ", which " + name + " names"));
  }

  private static String serverOf(String registry) {
    return normalised(registry).equals(HUB) ? HUB_KEY : registry;
  }

  private record Entry(String key, Json value) {}

  /** The entry whose key is the longest leading part of what is wanted, in whole segments. */
  private static Optional<Entry> longest(Map<String, Json> entries, String wanted) {
    Optional<Entry> best = Optional.empty();
    var length = -1;
    for (var entry : entries.entrySet()) {
      var key = normalised(entry.getKey());
      var fits = wanted.equals(key) || wanted.startsWith(key + "/");
      var isBetter =
          key.length() > length || (key.length() == length && entry.getKey().equals(HUB_KEY));
      if (fits && isBetter && !isEmpty(entry.getValue())) {
        best = Optional.of(new Entry(entry.getKey(), entry.getValue()));
        length = key.length();
      }
    }
    return best;
  }

  private static boolean isEmpty(Json value) {
    return value instanceof Json.Obj(var members) && members.isEmpty();
  }

  /** A key as host and path: no scheme, no API version, Docker Hub by one name. */
  private static String normalised(String key) {
    var text = key;
    for (var scheme : new String[] {"https://", "http://"}) {
      if (text.toLowerCase(Locale.ROOT).startsWith(scheme)) {
        text = text.substring(scheme.length());
      }
    }
    text = withoutEnd(text, "/");
    text = withoutEnd(withoutEnd(text, "/v1"), "/v2");
    var slash = text.indexOf('/');
    var host = (slash < 0 ? text : text.substring(0, slash)).toLowerCase(Locale.ROOT);
    var path = slash < 0 ? "" : text.substring(slash);
    return switch (host) {
      case "docker.io", "registry-1.docker.io", HUB -> HUB + path;
      default -> host + path;
    };
  }

  private static String withoutEnd(String text, String end) {
    return text.endsWith(end) ? text.substring(0, text.length() - end.length()) : text;
  }

  private Optional<Credential> credential(String key, Json.Obj auth) {
    var registryToken = text(auth, "registrytoken");
    if (registryToken.isPresent()) {
      return Optional.of(new Credential.RegistryToken(registryToken.get()));
    }
    var identityToken = text(auth, "identitytoken");
    if (identityToken.isPresent()) {
      return Optional.of(new Credential.IdentityToken(identityToken.get()));
    }
    var pair = text(auth, "auth");
    if (pair.isPresent()) {
      return Optional.of(decoded(key, pair.get()));
    }
    return text(auth, "username")
        .map(user -> CredentialProgram.credential(user, text(auth, "password").orElse("")));
  }

  private static Optional<String> text(Json.Obj auth, String member) {
    return auth.string(member).filter(value -> !value.isEmpty());
  }

  private Credential decoded(String key, String pair) {
    try {
      var text = new String(Base64.getMimeDecoder().decode(pair), UTF_8);
      var colon = text.indexOf(':');
      if (colon > 0) {
        var password = text.substring(colon + 1).replaceAll("\0+$", "");
        return CredentialProgram.credential(text.substring(0, colon), password);
      }
    } catch (IllegalArgumentException _) {
      // Told below; what is in the entry must not be.
    }
    throw broken(
        "the auth of its entry \"" + key + "\" is not base64 of user:password",
        "log in to that registry again");
  }

  private FailureException broken(String reason, String advice) {
    return Failure.of(
            "credentials-invalid",
            "cannot use the docker configuration in " + name + ": " + reason,
            advice)
        .toException();
  }
}
