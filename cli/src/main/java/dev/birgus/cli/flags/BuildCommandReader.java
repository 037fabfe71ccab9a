package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.FlagParser.failure;

import dev.birgus.cli.flags.BuildCommand.ClientCertificate;
import dev.birgus.cli.flags.BuildCommand.Destination;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageFormat;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.pattern.PathPatterns;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes the settings of a build out of flags and environment. */
public final class BuildCommandReader {

  private static final String SOURCE_DATE_EPOCH = "SOURCE_DATE_EPOCH";

  private final ParsedFlags flags;
  private final Map<String, String> environment;
  private final Platform machine;
  private final Purpose purpose;

  private BuildCommandReader(
      ParsedFlags flags, Map<String, String> environment, Platform machine, Purpose purpose) {
    this.flags = flags;
    this.environment = environment;
    this.machine = machine;
    this.purpose = purpose;
  }

  /**
   * Reads the settings of a build.
   *
   * @param machine the platform we run on
   * @param stateDirectory used when neither flag nor environment name one
   * @throws FailureException if something is missing, wrong or not supported yet
   */
  public static BuildCommand read(
      ParsedFlags flags, Map<String, String> environment, Platform machine, String stateDirectory) {
    return read(flags, environment, machine, stateDirectory, Purpose.BUILD);
  }

  /**
   * Reads the settings of a build that is to be made or only looked at: then nothing has to be said
   * about where the image goes.
   *
   * @param machine the platform we run on
   * @param stateDirectory used when neither flag nor environment name one
   * @throws FailureException if something is missing, wrong or not supported yet
   */
  public static BuildCommand read(
      ParsedFlags flags,
      Map<String, String> environment,
      Platform machine,
      String stateDirectory,
      Purpose purpose) {
    flags.refuseUnsupported();
    VariableTable.refuseUnsupported(environment);
    PruneCommand.refuseItsFlags(flags);
    LoginCommand.refuseItsFlags(flags);
    if (purpose != Purpose.SUBMIT) {
      SubmitCommand.refuseItsFlags(flags);
    }
    var reader = new BuildCommandReader(flags, environment, machine, purpose);
    return new BuildCommand(
        reader.source(),
        reader.image(),
        reader.output(),
        reader.registries(),
        display(flags),
        new AccessFlags(flags, environment).read(),
        new StepFlags(flags, environment).read(),
        StateFlags.directory(flags, environment, stateDirectory),
        StateFlags.limit(flags, environment),
        StateFlags.storage(flags, environment),
        flags.notices());
  }

  /**
   * How registries are spoken to.
   *
   * @throws FailureException if something is wrong
   */
  public static BuildCommand.RegistryAccess registries(
      ParsedFlags flags, Map<String, String> environment, Platform machine) {
    return new BuildCommandReader(flags, environment, machine, Purpose.BUILD).registries();
  }

  /** How to show the build: known before everything else, so that failures can be shown. */
  public static Display display(ParsedFlags flags) {
    var verbosity = flags.text("verbosity").equals("warning") ? "warn" : flags.text("verbosity");
    return new Display(
        Display.Progress.valueOf(flags.text("progress").toUpperCase(Locale.ROOT)),
        Display.Verbosity.valueOf(verbosity.toUpperCase(Locale.ROOT)),
        Display.Format.valueOf(flags.text("log-format").toUpperCase(Locale.ROOT)),
        flags.isGiven("log-format"),
        flags.on("log-timestamp"));
  }

  private BuildCommand.Source source() {
    return new BuildCommand.Source(
        flags.text("dockerfile"),
        flags.nonEmpty("context").orElseThrow(BuildCommandReader::noContext),
        flags.text("context-sub-path"),
        flags.pairs("build-context"),
        arguments(),
        names("target"),
        names("no-cache-filter"),
        platform());
  }

  /** What is given once for each, or several with commas between. */
  private List<String> names(String flag) {
    return flags.list(flag).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  private static FailureException noContext() {
    return failure(
        "missing-flag",
        "--context is empty",
        "Give a directory, dir://DIR, tar://FILE or tar://stdin.");
  }

  private Map<String, String> arguments() {
    var arguments = new LinkedHashMap<String, String>();
    for (var argument : flags.list("build-arg")) {
      var equals = argument.indexOf('=');
      if (equals == 0 || argument.isEmpty()) {
        throw badValue("build-arg", argument, "write KEY=VALUE, or KEY");
      } else if (equals < 0) {
        arguments.put(argument, environment.getOrDefault(argument, ""));
      } else {
        arguments.put(argument.substring(0, equals), argument.substring(equals + 1));
      }
    }
    // As docker buildx: the variable is an argument, so that commands of the build can see it.
    variable(SOURCE_DATE_EPOCH).ifPresent(time -> arguments.putIfAbsent(SOURCE_DATE_EPOCH, time));
    return arguments;
  }

  private Platform platform() {
    var text = flags.text("custom-platform");
    try {
      return text.isEmpty() ? machine : Platform.parse(text);
    } catch (IllegalArgumentException bad) {
      throw badValue("custom-platform", text, "write os/architecture[/variant]");
    }
  }

  private BuildCommand.Image image() {
    var labels = new LinkedHashMap<String, String>();
    for (var label : flags.list("label")) {
      var equals = label.indexOf('=');
      if (equals < 1) {
        throw badValue("label", label, "write key=value");
      }
      labels.put(label.substring(0, equals), label.substring(equals + 1));
    }
    var reproducible = flags.on("reproducible");
    return new BuildCommand.Image(
        labels,
        flags.pairs("annotation"),
        timestamp().or(() -> reproducible ? Optional.of(Instant.EPOCH) : Optional.empty()),
        CompressionFlags.read(flags, environment),
        flags.on("single-snapshot"),
        reproducible,
        flags.on("kaniko-compat"),
        ignoredPaths(),
        format());
  }

  private Optional<ImageFormat> format() {
    return flags
        .nonEmpty("image-format")
        .map(name -> name.equals("oci") ? ImageFormat.OCI : ImageFormat.DOCKER);
  }

  private List<String> ignoredPaths() {
    var patterns = flags.list("ignore-path");
    for (var pattern : patterns) {
      try {
        PathPatterns.parse(List.of(pattern));
      } catch (IllegalArgumentException malformed) {
        throw badValue("ignore-path", pattern, "write a path or a pattern of paths");
      }
      if (pattern.isBlank() || pattern.startsWith("!")) {
        throw badValue("ignore-path", pattern, "write a path or a pattern of paths");
      }
    }
    return patterns;
  }

  private Optional<Instant> timestamp() {
    var name = SOURCE_DATE_EPOCH;
    var text = arguments().getOrDefault(name, "");
    try {
      return text.isEmpty() || text.equals("context")
          ? Optional.empty()
          : Optional.of(Instant.ofEpochSecond(Long.parseLong(text)));
    } catch (NumberFormatException | DateTimeException bad) {
      throw failure(
          "bad-variable",
          name + "=" + text + " is not a number of seconds since 1970",
          "Set it to a whole number, or unset it.");
    }
  }

  private BuildCommand.Output output() {
    var destinations = flags.list("destination").stream().map(this::destination).toList();
    var push = !noPush();
    if (push && destinations.isEmpty() && purpose != Purpose.CHECK && purpose != Purpose.DRY_RUN) {
      throw missing("you must provide --destination, or use --no-push");
    }
    if (destinations.isEmpty() && flags.nonEmpty("image-name-with-digest-file").isPresent()) {
      throw missing("you must provide --destination if setting ImageNameDigestFile");
    }
    if (destinations.isEmpty() && flags.nonEmpty("image-name-tag-with-digest-file").isPresent()) {
      throw missing("you must provide --destination if setting ImageNameTagDigestFile");
    }
    return new BuildCommand.Output(
        push,
        destinations,
        flags.nonEmpty("tar-path"),
        flags.nonEmpty("oci-layout-path"),
        flags.nonEmpty("digest-file"),
        flags.nonEmpty("image-name-with-digest-file"),
        flags.nonEmpty("image-name-tag-with-digest-file"),
        variable("BUILDER_OUTPUT"),
        push && !flags.on("skip-push-permission-check"),
        flags.on("push-ignore-immutable-tag-errors"),
        pushEarly());
  }

  private Destination destination(String written) {
    try {
      return new Destination(ImageReference.parse(written), written);
    } catch (IllegalArgumentException bad) {
      var reason = bad.getMessage();
      throw badValue("destination", written, reason == null ? "not an image name" : reason);
    }
  }

  private boolean noPush() {
    return switched("KANIKO_NO_PUSH").orElseGet(() -> flags.on("no-push"));
  }

  private boolean pushEarly() {
    return flags.isGiven("push-early")
        ? flags.on("push-early")
        : switched("BIRGUS_PUSH_EARLY").orElseGet(() -> flags.on("push-early"));
  }

  private Optional<Boolean> switched(String name) {
    return variable(name)
        .map(value ->
            FlagValues.parseBoolean(value)
                .orElseThrow(() ->
                    failure(
                        "bad-variable",
                        name + "=" + value + " is neither true nor false",
                        "Set it to true or false, or unset it.")));
  }

  private BuildCommand.RegistryAccess registries() {
    return new BuildCommand.RegistryAccess(
        flags.on("insecure"),
        flags.on("insecure-pull"),
        flags.list("insecure-registry"),
        flags.on("skip-tls-verify"),
        flags.on("skip-tls-verify-pull"),
        flags.list("skip-tls-verify-registry"),
        flags.pairs("registry-certificate"),
        clientCertificates(),
        retries("push-retry"),
        retries("image-download-retry"),
        variable("UPSTREAM_CLIENT_TYPE").orElse(""),
        RegistryChoices.routes(flags, environment),
        RegistryChoices.credentialSources(flags),
        flags.nonEmpty("kaniko-dir").or(() -> variable("KANIKO_DIR")));
  }

  private Map<String, ClientCertificate> clientCertificates() {
    var certificates = new LinkedHashMap<String, ClientCertificate>();
    flags
        .pairs("registry-client-cert")
        .forEach((host, value) -> {
          var paths = List.of(value.split(",", -1));
          if (paths.size() != 2 || paths.contains("")) {
            throw badValue(
                "registry-client-cert", host + "=" + value, "write HOST=/certificate.pem,/key.pem");
          }
          certificates.put(host, new ClientCertificate(paths.get(0), paths.get(1)));
        });
    return certificates;
  }

  private int retries(String name) {
    var retries = flags.number(name);
    if (retries < 0) {
      throw badValue(name, "" + retries, "write 0 or more");
    }
    return retries;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  private static FailureException missing(String message) {
    return failure("missing-flag", message, "");
  }

  private static FailureException badValue(String name, String value, String expected) {
    return failure(
        "bad-flag-value",
        "invalid argument \"" + value + "\" for \"--" + name + "\" flag: " + expected,
        "");
  }
}
