package dev.birgus.infra.oci;

import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * The name of content: an algorithm and the hash in lower-case hexadecimal, as the OCI image
 * specification writes it. We compute sha256; sha512 is understood when others wrote it.
 */
public record Digest(String algorithm, String hex) implements Comparable<Digest> {

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern SHA512 = Pattern.compile("[0-9a-f]{128}");

  public Digest {
    requireNonNull(algorithm, "algorithm");
    requireNonNull(hex, "hex");
    var shape =
        switch (algorithm) {
          case "sha256" -> SHA256;
          case "sha512" -> SHA512;
          default -> throw new IllegalArgumentException("unknown digest algorithm: " + algorithm);
        };
    if (!shape.matcher(hex).matches()) {
      throw new IllegalArgumentException("not a " + algorithm + " digest: " + hex);
    }
  }

  /**
   * Reads {@code algorithm:hex}.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Digest parse(String text) {
    var colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("not a digest: " + text);
    }
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  /** The sha256 digest of these bytes. */
  public static Digest sha256(byte[] bytes) {
    return ofSha256(newSha256().digest(bytes));
  }

  /** A digest out of the 32 bytes a finished sha256 computation gave. */
  public static Digest ofSha256(byte[] hash) {
    return new Digest("sha256", HexFormat.of().formatHex(hash));
  }

  /** A fresh sha256 computation. */
  public static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256", impossible);
    }
  }

  /** A fresh computation of this digest's algorithm. */
  public MessageDigest newComputation() {
    try {
      return MessageDigest.getInstance(algorithm.equals("sha512") ? "SHA-512" : "SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new AssertionError("every JDK has SHA-256 and SHA-512", impossible);
    }
  }

  /** The first twelve hexadecimal digits, for people. */
  public String brief() {
    return hex.substring(0, 12);
  }

  @Override
  public int compareTo(Digest other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
