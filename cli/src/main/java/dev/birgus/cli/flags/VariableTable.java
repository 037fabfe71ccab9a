package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.Support.ACCEPTED;
import static dev.birgus.cli.flags.Support.NOT_YET;
import static dev.birgus.cli.flags.Support.SUPPORTED;

import dev.birgus.infra.contracts.FailureException;
import java.util.List;
import java.util.Map;

/**
 * Every environment variable that means something to kaniko or to us.
 *
 * <p>Variables that many programs share, such as those of cloud providers, are never refused: they
 * may be there for somebody else.
 */
public final class VariableTable {

  private static final List<Variable> ALL =
      List.of(
          new Variable("BIRGUS_STATE_DIR", SUPPORTED, "The default of `--state-dir`."),
          new Variable("BIRGUS_STATE_LIMIT", SUPPORTED, "The default of `--state-limit`."),
          new Variable("BIRGUS_GZIP_ENGINE", SUPPORTED, "The default of `--gzip-engine`."),
          new Variable("BIRGUS_STORAGE", SUPPORTED, "The default of `--storage`."),
          new Variable("BIRGUS_PUSH_EARLY", SUPPORTED, "The default of `--push-early`."),
          new Variable("BIRGUS_ISOLATION", SUPPORTED, "The default of `--isolation`."),
          new Variable("BIRGUS_STEP_MEMORY", SUPPORTED, "The default of `--step-memory`."),
          new Variable("BIRGUS_STEP_PIDS", SUPPORTED, "The default of `--step-pids`."),
          new Variable("BIRGUS_STEP_TIMEOUT", SUPPORTED, "The default of `--step-timeout`."),
          new Variable("BIRGUS_SERVER", SUPPORTED, "The default of `--server`."),
          new Variable("BIRGUS_TOKEN_FILE", SUPPORTED, "The default of `--token-file`."),
          new Variable("BIRGUS_SERVER_CA", SUPPORTED, "The default of `--server-ca`."),
          new Variable(
              "BIRGUS_EXPENDABLE_ROOT",
              SUPPORTED,
              "`yes`: nothing of the machine's own root is needed, and `--isolation=inplace` may"
                  + " empty it. Set by images made for that."),
          new Variable(
              "BIRGUS_HOME",
              SUPPORTED,
              "The folder of a birgus that brings its own runtime; `--isolation=inplace` keeps it."),
          new Variable(
              "BIRGUS_NO_UNSHARE",
              SUPPORTED,
              "When not empty: birgus enters no namespaces of its own; see"
                  + " [isolation](isolation.md)."),
          new Variable(
              "KANIKO_NO_PUSH",
              SUPPORTED,
              "Overrides `--no-push`; a value that is neither true nor false is refused."),
          new Variable(
              "SOURCE_DATE_EPOCH",
              SUPPORTED,
              "The time written into everything new; also a build argument of this name."),
          new Variable(
              "BUILDER_OUTPUT",
              SUPPORTED,
              "Directory that gets a file `images` with a JSON line for each image pushed."),
          new Variable(
              "UPSTREAM_CLIENT_TYPE", SUPPORTED, "Added to the User-Agent registries see."),
          new Variable(
              "DOCKER_CONFIG, DOCKER_AUTH_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, HOME",
              SUPPORTED,
              "Where credentials for registries are found."),
          new Variable(
              "HTTP_PROXY, HTTPS_PROXY, NO_PROXY, http_proxy, https_proxy, no_proxy",
              SUPPORTED,
              "The `http://` proxy birgus itself goes through, by Go's rules; RUN sees it only as"
                  + " a build argument. Other kinds of proxies are refused when one is needed."),
          new Variable(
              "SSL_CERT_FILE, SSL_CERT_DIR",
              SUPPORTED,
              "Authorities believed beside the JDK's, instead of the machine's own bundle;"
                  + " `/kaniko/ssl/certs` always counts."),
          new Variable("PATH", SUPPORTED, "Where `docker-credential-*` programs are found."),
          new Variable("COLUMNS", SUPPORTED, "Width of the live view if the terminal has none."),
          new Variable("NO_COLOR", SUPPORTED, "No colours, unless a flag asks for them."),
          new Variable("KANIKO_REGISTRY_MIRROR", SUPPORTED, "One more `--registry-mirror`."),
          new Variable("KANIKO_REGISTRY_MAP", SUPPORTED, "Added to `--registry-map`."),
          new Variable(
              "KANIKO_*_USER, KANIKO_*_PASSWORD",
              SUPPORTED,
              "User and password for the registry of that name: `KANIKO_GHCR_IO_USER`; see"
                  + " [registries](registries.md)."),
          new Variable(
              "GOOGLE_APPLICATION_CREDENTIALS, GCE_METADATA_HOST, CLOUDSDK_CONFIG",
              SUPPORTED,
              "Who we are to `*.gcr.io` and `*.pkg.dev`, as Google's own library reads them."),
          new Variable(
              "AWS_*",
              SUPPORTED,
              "Who we are to Amazon ECR, as Amazon's own SDK reads them; `AWS_ECR_*` of the"
                  + " credential helper mean nothing, since no token is kept on disk."),
          new Variable(
              "AZURE_*, IDENTITY_ENDPOINT, IDENTITY_HEADER",
              SUPPORTED,
              "Who we are to `*.azurecr.io`: client and secret, federated token or managed"
                  + " identity."),
          new Variable(
              "CI_REGISTRY, CI_REGISTRY_USER, CI_REGISTRY_PASSWORD",
              SUPPORTED,
              "The account of a GitLab job, for that registry alone."),
          new Variable("BENCHMARK_FILE", NOT_YET, "Refused when set to anything but `false`."),
          new Variable("GGCR_EXPERIMENT_ESTARGZ", NOT_YET, "Refused when set to `1`."),
          new Variable("KANIKO_PRINT_PLAN", NOT_YET, "Refused when set to true."),
          new Variable("KANIKO_DIR", SUPPORTED, "As `--kaniko-dir`."),
          new Variable("KANIKO_CLEANUP", ACCEPTED, "As `--cleanup`."),
          new Variable("KANIKO_PRE_CLEANUP", ACCEPTED, "As `--pre-cleanup`."),
          new Variable("KANIKO_PRESERVE_CONTEXT", ACCEPTED, "As `--preserve-context`."),
          new Variable("KANIKO_IGNORE_ASSERTIONS", ACCEPTED, "kaniko's own checks are not here."),
          new Variable("KANIKO_TELEMETRY_*", ACCEPTED, "No traces are sent."),
          new Variable("OTEL_*", ACCEPTED, "No traces are sent."),
          new Variable("FF_KANIKO_*", ACCEPTED, "The switches choose between kaniko's own ways."),
          new Variable("SNAPSHOT_TIMEOUT_DURATION", ACCEPTED, "No file system walk is limited."),
          new Variable("STACKLOG_PATH", ACCEPTED, "A profile of kaniko's own process."),
          new Variable("container", ACCEPTED, "It is safe to build outside a container."),
          new Variable("GODEBUG", ACCEPTED, "There is no Go runtime."),
          new Variable(
              "DOCKER_CREDENTIAL_GCR_CONFIG",
              ACCEPTED,
              "Only for a credential helper that is started, which sees it."),
          new Variable(
              "GIT_*, S3_*, STORAGE_EMULATOR_HOST, SSH_KNOWN_HOSTS",
              ACCEPTED,
              "Only for contexts that are not supported yet, and refused themselves."));

  private VariableTable() {}

  /** All variables. */
  public static List<Variable> all() {
    return ALL;
  }

  /**
   * Refuses what was asked for by a variable and cannot be done.
   *
   * @throws FailureException named {@code not-supported-yet}
   */
  public static void refuseUnsupported(Map<String, String> environment) {
    for (var variable : ALL) {
      var value = environment.getOrDefault(variable.name(), "");
      if (variable.support() == NOT_YET && asks(variable.name(), value)) {
        throw FlagParser.failure(
            "not-supported-yet",
            "the environment variable " + variable.name() + "=" + value + " is not supported yet",
            "Unset it.");
      }
    }
  }

  private static boolean asks(String name, String value) {
    return switch (name) {
      case "GGCR_EXPERIMENT_ESTARGZ" -> value.equals("1");
      case "BENCHMARK_FILE" -> !value.isEmpty() && !value.equals("false");
      case "KANIKO_PRINT_PLAN" -> FlagValues.parseBoolean(value).orElse(false);
      default -> !value.isEmpty();
    };
  }
}
