package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How registries are spoken to. Hosts are written as in an image reference, with their port; Docker
 * Hub is {@code index.docker.io}.
 *
 * @param plainHttp where http without TLS is allowed
 * @param trust whose certificates are believed
 * @param pushRetry attempts added to ours when pushing, 0 or more
 * @param downloadRetry attempts added to ours when pulling, 0 or more
 * @param patience how long we wait
 * @param userAgent what we call ourselves; see {@link #userAgent(String, Optional)}
 * @param proxies what requests may have to go through
 */
public record RegistrySettings(
    PlainHttp plainHttp,
    Trust trust,
    int pushRetry,
    int downloadRetry,
    Patience patience,
    String userAgent,
    ProxySettings proxies) {

  /** TLS everywhere, the usual trust, no added attempts, no proxy. */
  public static final RegistrySettings DEFAULT =
      new RegistrySettings(
          PlainHttp.NOWHERE, Trust.USUAL, 0, 0, Patience.DEFAULT, "birgus", ProxySettings.NONE);

  public RegistrySettings {
    requireNonNull(plainHttp, "plainHttp");
    requireNonNull(trust, "trust");
    requireNonNull(patience, "patience");
    requireNonNull(userAgent, "userAgent");
    requireNonNull(proxies, "proxies");
    if (pushRetry < 0 || downloadRetry < 0) {
      throw new IllegalArgumentException("a number of attempts cannot be negative");
    }
  }

  /** {@code birgus/<version>}, and what a platform that starts us wants to be counted by. */
  public static String userAgent(String version, Optional<String> upstreamClientType) {
    return "birgus/" + version + upstreamClientType.map(type -> "," + type).orElse("");
  }

  /**
   * Where http without TLS is allowed. TLS is used all the same where the registry offers it. The
   * machine itself ({@code localhost}, 127.*, ::1, {@code *.local}) needs no permission.
   *
   * @param push for every registry we push to
   * @param pull for every registry we pull from
   * @param registries for these in both directions
   */
  public record PlainHttp(boolean push, boolean pull, Set<String> registries) {

    /** Nowhere but on this machine. */
    public static final PlainHttp NOWHERE = new PlainHttp(false, false, Set.of());

    public PlainHttp {
      registries = Set.copyOf(registries);
    }
  }

  /**
   * Whose certificates are believed.
   *
   * @param skipVerify believe every registry, whatever it shows
   * @param skipVerifyPull believe every registry we pull from
   * @param skipVerifyRegistries believe these
   * @param bundles PEM files, or directories of them, believed beside the JVM's own authorities;
   *     missing ones, and certificates in them that cannot be read, are passed over
   * @param authorities PEM file of the authorities to believe for one registry, beside the others
   * @param clientCertificates what we show to a registry that asks who we are
   */
  public record Trust(
      boolean skipVerify,
      boolean skipVerifyPull,
      Set<String> skipVerifyRegistries,
      List<Path> bundles,
      Map<String, Path> authorities,
      Map<String, ClientCertificate> clientCertificates) {

    /** The JVM's authorities. */
    public static final Trust USUAL =
        new Trust(false, false, Set.of(), List.of(), Map.of(), Map.of());

    public Trust {
      skipVerifyRegistries = Set.copyOf(skipVerifyRegistries);
      bundles = List.copyOf(bundles);
      authorities = Map.copyOf(authorities);
      clientCertificates = Map.copyOf(clientCertificates);
    }
  }

  /**
   * A certificate and its key, both PEM.
   *
   * @param certificate the certificate, followed by its intermediate ones if there are any
   * @param key PKCS#8, PKCS#1 or SEC1, not encrypted
   */
  public record ClientCertificate(Path certificate, Path key) {
    public ClientCertificate {
      requireNonNull(certificate, "certificate");
      requireNonNull(key, "key");
    }
  }

  /**
   * How long we wait.
   *
   * @param connect for a connection
   * @param progress for the next byte of a transfer, or for an answer
   * @param completion for the answer to an upload that is complete, which may have to be assembled
   * @param firstPause before the second attempt; doubled for each further one
   * @param longestPause at most between attempts, whatever the registry asks for
   */
  public record Patience(
      Duration connect,
      Duration progress,
      Duration completion,
      Duration firstPause,
      Duration longestPause) {

    /** 10 s, 60 s, 5 min; pauses from 1 s to 1 min. */
    public static final Patience DEFAULT =
        new Patience(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1));

    public Patience {
      requireNonNull(connect, "connect");
      requireNonNull(progress, "progress");
      requireNonNull(completion, "completion");
      requireNonNull(firstPause, "firstPause");
      requireNonNull(longestPause, "longestPause");
    }
  }
}
