package dev.birgus.infra.blobs.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.oci.Digest;
import java.security.MessageDigest;

/** What the nodes of a cluster show each other. It is never printed. */
public final class PeerToken {

  private static final int SHORTEST = 16;
  private static final String SCHEME = "Bearer ";

  private final String secret;
  private final byte[] digest;

  private PeerToken(String secret) {
    this.secret = secret;
    this.digest = digest(secret);
  }

  /**
   * A token.
   *
   * @param secret printable ASCII without blanks, 16 characters or more; blanks around it are cut
   * @throws dev.birgus.infra.contracts.FailureException {@code bad-peer-token}, which does not show
   *     it
   */
  public static PeerToken of(String secret) {
    var stripped = secret.strip();
    var isPlain = stripped.chars().allMatch(character -> character > ' ' && character < 0x7f);
    if (stripped.length() < SHORTEST || !isPlain) {
      throw Failure.of(
              "bad-peer-token",
              "the token of the nodes is shorter than "
                  + SHORTEST
                  + " characters, or has others than printable ones of ASCII",
              "Make one with: openssl rand -hex 32")
          .toException();
    }
    return new PeerToken(stripped);
  }

  private static byte[] digest(String text) {
    return Digest.newSha256().digest(text.getBytes(UTF_8));
  }

  /** The header of a request that shows it. */
  String authorization() {
    return SCHEME + secret;
  }

  /** Whether a header shows it. How long that takes says nothing about the token. */
  boolean isShownBy(String authorization) {
    var shown =
        authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
            ? authorization.substring(SCHEME.length()).strip()
            : "";
    return MessageDigest.isEqual(digest, digest(shown));
  }

  @Override
  public String toString() {
    return "PeerToken[hidden]";
  }
}
