package dev.birgus.cli.flags;

import static dev.birgus.cli.flags.Flag.fork;
import static dev.birgus.cli.flags.Flag.kaniko;
import static dev.birgus.cli.flags.FlagGroup.CACHE;
import static dev.birgus.cli.flags.FlagGroup.REGISTRY;
import static dev.birgus.cli.flags.FlagType.BOOLEAN;
import static dev.birgus.cli.flags.FlagType.DURATION;
import static dev.birgus.cli.flags.FlagType.INTEGER;
import static dev.birgus.cli.flags.FlagType.LIST;
import static dev.birgus.cli.flags.FlagType.PAIRS;
import static dev.birgus.cli.flags.FlagType.TEXT;

import java.util.List;
import java.util.stream.Stream;

/** The flags about registries and the cache kept in them. */
final class RegistryFlags {

  private RegistryFlags() {}

  static List<Flag> all() {
    return Stream.of(trust(), retries(), mirrors(), cache()).flatMap(List::stream).toList();
  }

  private static List<Flag> trust() {
    return List.of(
        kaniko(BOOLEAN, "insecure", "false", "Push with plain HTTP")
            .sets(REGISTRY, "Pulling stays with HTTPS."),
        kaniko(BOOLEAN, "insecure-pull", "false", "Pull with plain HTTP")
            .sets(REGISTRY, "Pushing stays with HTTPS."),
        kaniko(LIST, "insecure-registry", "", "Registry to push to and pull from with plain HTTP")
            .sets(REGISTRY, "`HOST[:PORT]`, once for each."),
        kaniko(BOOLEAN, "skip-tls-verify", "false", "Do not verify certificates")
            .sets(REGISTRY, "For every registry, in both directions, as in kaniko."),
        kaniko(BOOLEAN, "skip-tls-verify-pull", "false", "Do not verify certificates when pulling")
            .sets(REGISTRY, "kaniko takes this flag and never reads it."),
        kaniko(LIST, "skip-tls-verify-registry", "", "Registry whose certificate is not verified")
            .sets(REGISTRY, "`HOST[:PORT]`, once for each."),
        kaniko(PAIRS, "registry-certificate", "", "Certificate authority of a registry")
            .sets(REGISTRY, "`HOST=/ca.pem`; trusted for that registry alone."),
        kaniko(PAIRS, "registry-client-cert", "", "Certificate we show to a registry")
            .sets(REGISTRY, "`HOST=/certificate.pem,/key.pem`."),
        fork(LIST, "credential-helpers", "", "Built-in source of credentials to use")
            .sets(
                REGISTRY,
                "`env`, `google`, `ecr`, `acr` or `gitlab`, once for each, asked in the order given"
                    + " and after Docker's configuration; empty for none of them. Without the flag"
                    + " all five are asked, in this order. See [registries](registries.md)."));
  }

  private static List<Flag> retries() {
    return List.of(
        kaniko(INTEGER, "push-retry", "0", "How often a failed push is repeated")
            .sets(REGISTRY, "On top of the retries each request has."),
        kaniko(INTEGER, "image-download-retry", "0", "How often a failed pull is repeated")
            .sets(REGISTRY, "On top of the retries each request has."),
        kaniko(
                INTEGER,
                "image-fs-extract-retry",
                "0",
                "How often unpacking a base image is repeated")
            .accepted(
                FlagGroup.KANIKO,
                "A layer is verified while it arrives; a second try would unpack the same bytes."));
  }

  private static List<Flag> mirrors() {
    return List.of(
        kaniko(LIST, "registry-mirror", "", "Mirror of Docker Hub to pull from first")
            .variable("KANIKO_REGISTRY_MIRROR")
            .sets(
                REGISTRY,
                "`HOST[:PORT][/PATH]`, once for each; the same as `--registry-map=index.docker.io="
                    + "...`, and asked after what that names. The variable adds one more."),
        kaniko(LIST, "registry-map", "", "Registries to pull from instead of others")
            .variable("KANIKO_REGISTRY_MAP")
            .sets(
                REGISTRY,
                "`REGISTRY=HOST[:PORT][/PATH]`, several with `;` between them or once for each."
                    + " They are asked in order for base images, and then the registry itself."
                    + " Docker Hub is `index.docker.io`. The variable adds to the flag."),
        kaniko(
                BOOLEAN,
                "skip-default-registry-fallback",
                "false",
                "Fail when no mapped registry has the image")
            .sets(REGISTRY, "For registries that `--registry-map` or a mirror stands in for."),
        kaniko(TEXT, "kaniko-dir", "/kaniko", "Work directory of kaniko")
            .variable("KANIKO_DIR")
            .sets(
                REGISTRY,
                "`.docker/config.json` in it is looked at for credentials, after the usual places."
                    + " Where work files go is said by `--state-dir`."));
  }

  private static List<Flag> cache() {
    return List.of(
        kaniko(BOOLEAN, "cache", "false", "Take layers from earlier builds")
            .notYet(CACHE, "every step is run; base images are kept in the state directory."),
        kaniko(TEXT, "cache-repo", "", "Repository the cached layers are in")
            .notYet(CACHE, "there is no layer cache yet."),
        kaniko(TEXT, "cache-dir", "/cache", "Directory of base images fetched by the warmer")
            .accepted(FlagGroup.KANIKO, "kaniko reads it only with `--cache=true`."),
        kaniko(DURATION, "cache-ttl", "336h", "How long a cached layer is good")
            .accepted(FlagGroup.KANIKO, "It only matters with `--cache=true`."),
        kaniko(BOOLEAN, "cache-copy-layers", "false", "Cache the layers of COPY too")
            .accepted(FlagGroup.KANIKO, "It only matters with `--cache=true`."),
        kaniko(BOOLEAN, "cache-run-layers", "true", "Cache the layers of RUN")
            .accepted(FlagGroup.KANIKO, "It only matters with `--cache=true`."),
        kaniko(BOOLEAN, "no-push-cache", "false", "Do not push layers to the cache")
            .accepted(FlagGroup.KANIKO, "No cache is written."),
        kaniko(BOOLEAN, "compressed-caching", "true", "Keep compressed layers in memory")
            .accepted(FlagGroup.KANIKO, "Layers are streamed and never held in memory whole."));
  }
}
