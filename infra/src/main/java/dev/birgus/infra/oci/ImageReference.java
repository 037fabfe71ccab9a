package dev.birgus.infra.oci;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an image in a registry, as the distribution project's reference grammar has it.
 *
 * <p>A missing registry is Docker Hub, which we call {@code index.docker.io} as kaniko does; names
 * without a slash get {@code library/} there. Neither tag nor digest is made up here: see {@link
 * #tagOrLatest()}.
 *
 * @param registry host and optional port
 * @param repository path inside the registry, lower case
 * @param tag the tag, if one was written
 * @param digest the digest, if one was written
 */
public record ImageReference(
    String registry, String repository, Optional<String> tag, Optional<Digest> digest) {

  /** The registry that names without a host belong to. */
  public static final String DOCKER_HUB = "index.docker.io";

  private static final int MAX_LENGTH = 255;
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:.]+])(?::\\d+)?");
  private static final Pattern COMPONENT =
      Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");

  public ImageReference {
    requireNonNull(registry, "registry");
    requireNonNull(repository, "repository");
    requireNonNull(tag, "tag");
    requireNonNull(digest, "digest");
  }

  /**
   * Reads {@code [registry/]repository[:tag][@digest]}.
   *
   * @throws IllegalArgumentException naming the part that is wrong
   */
  public static ImageReference parse(String text) {
    var rest = text;
    var digest = Optional.<Digest>empty();
    var at = rest.indexOf('@');
    if (at >= 0) {
      digest = Optional.of(Digest.parse(rest.substring(at + 1)));
      rest = rest.substring(0, at);
    }
    var tag = Optional.<String>empty();
    var colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = Optional.of(rest.substring(colon + 1));
      rest = rest.substring(0, colon);
    }
    if (tag.isPresent() && !TAG.matcher(tag.get()).matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an image reference: bad tag \"" + tag.get() + "\"");
    }
    return named(text, rest, tag, digest);
  }

  private static ImageReference named(
      String text, String name, Optional<String> tag, Optional<Digest> digest) {
    var slash = name.indexOf('/');
    var first = slash < 0 ? "" : name.substring(0, slash);
    var hasHost = first.contains(".") || first.contains(":") || first.equals("localhost");
    var registry = hasHost ? first : DOCKER_HUB;
    var repository = hasHost ? name.substring(slash + 1) : name;
    if (registry.equals("docker.io") || registry.equals("registry-1.docker.io")) {
      registry = DOCKER_HUB;
    }
    if (!HOST.matcher(registry).matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an image reference: bad registry \"" + registry + "\"");
    }
    if (repository.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("the repository name of \"" + text + "\" is too long");
    }
    for (var component : repository.split("/", -1)) {
      if (!COMPONENT.matcher(component).matches()) {
        throw new IllegalArgumentException(
            "\""
                + text
                + "\" is not an image reference: a repository is lower-case letters and digits,"
                + " with single . _ - between them");
      }
    }
    if (registry.equals(DOCKER_HUB) && !repository.contains("/")) {
      repository = "library/" + repository;
    }
    return new ImageReference(registry, repository, tag, digest);
  }

  /** The tag written, or {@code latest}. */
  public String tagOrLatest() {
    return tag.orElse("latest");
  }

  /**
   * What a manifest is asked for by: the digest if there is one, else the tag or {@code latest}.
   */
  public String digestOrTag() {
    return digest.map(Digest::toString).orElseGet(this::tagOrLatest);
  }

  /** Registry and repository without tag or digest. */
  public String repositoryName() {
    return registry + "/" + repository;
  }

  /** The same repository at this digest alone. */
  public ImageReference at(Digest pinned) {
    return new ImageReference(registry, repository, Optional.empty(), Optional.of(pinned));
  }

  @Override
  public String toString() {
    return repositoryName()
        + tag.map(t -> ":" + t).orElse("")
        + digest.map(d -> "@" + d).orElse("");
  }
}
