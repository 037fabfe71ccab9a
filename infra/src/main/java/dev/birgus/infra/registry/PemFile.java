package dev.birgus.infra.registry;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** Certificates and keys as text (RFC 7468, and the older forms OpenSSL writes). */
final class PemFile {

  private static final int LARGEST = 8 << 20;
  private static final String BEGIN = "-----BEGIN ";
  private static final byte[] RSA_ALGORITHM =
      HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC_OID = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final byte[] VERSION_0 = {2, 1, 0};

  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  private record Block(String label, byte[] bytes) {}

  private final Path file;
  private final List<Block> blocks;

  private PemFile(Path file, List<Block> blocks) {
    this.file = file;
    this.blocks = blocks;
  }

  /**
   * Reads a file.
   *
   * @throws FailureException naming the file, if it cannot be read
   */
  static PemFile read(Path file) {
    try {
      if (Files.size(file) > LARGEST) {
        throw wrong(file, "it is too large to be a PEM file");
      }
      return new PemFile(file, blocks(file, Files.readString(file, StandardCharsets.ISO_8859_1)));
    } catch (IOException cause) {
      throw Failure.of(
              "certificate-unreadable",
              "cannot read the certificate or key file " + file + ": " + cause,
              "check the path and who may read it")
          .toException(cause);
    }
  }

  /**
   * The certificates of a file that is only one of many: what cannot be read is passed over, as
   * everybody does who looks for authorities in a machine's folders.
   */
  static List<X509Certificate> readable(Path file) {
    try {
      var result = new ArrayList<X509Certificate>();
      var factory = CertificateFactory.getInstance("X.509");
      for (var block : read(file).blocks) {
        if (block.label().equals("CERTIFICATE")) {
          addReadable(factory, block, result);
        }
      }
      return result;
    } catch (FailureException | CertificateException _) {
      return List.of();
    }
  }

  private static void addReadable(
      CertificateFactory factory, Block block, List<X509Certificate> result) {
    try {
      result.add(
          (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
    } catch (CertificateException _) {
      // One of many: the others may be the ones that are needed.
    }
  }

  private static List<Block> blocks(Path file, String text) {
    var result = new ArrayList<Block>();
    var at = text.indexOf(BEGIN);
    while (at >= 0) {
      var labelEnd = text.indexOf("-----", at + BEGIN.length());
      if (labelEnd < 0) {
        throw wrong(file, "a BEGIN line is cut");
      }
      var label = text.substring(at + BEGIN.length(), labelEnd);
      var end = text.indexOf("-----END " + label + "-----", labelEnd);
      if (end < 0) {
        throw wrong(file, "a " + label + " has no END line");
      }
      result.add(new Block(label, decoded(file, label, text.substring(labelEnd + 5, end))));
      at = text.indexOf(BEGIN, end);
    }
    return result;
  }

  private static byte[] decoded(Path file, String label, String body) {
    if (body.contains("Proc-Type:")) {
      return new byte[0];
    }
    try {
      return Base64.getMimeDecoder().decode(body);
    } catch (IllegalArgumentException _) {
      throw wrong(file, "a " + label + " is not base64");
    }
  }

  private static FailureException wrong(Path file, String why) {
    return Failure.of(
            "certificate-invalid",
            "cannot use the certificate or key file " + file + ": " + why,
            "give a file in PEM form")
        .toException();
  }

  /** The certificates, in order; at least one. */
  List<X509Certificate> certificates() {
    var result = new ArrayList<X509Certificate>();
    try {
      var factory = CertificateFactory.getInstance("X.509");
      for (var block : blocks) {
        if (block.label().equals("CERTIFICATE")) {
          result.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(block.bytes())));
        }
      }
    } catch (CertificateException broken) {
      throw wrong(file, "a certificate in it is broken: " + broken.getMessage());
    }
    if (result.isEmpty()) {
      throw wrong(file, "there is no certificate in it");
    }
    return List.copyOf(result);
  }

  /** The first private key. */
  PrivateKey privateKey() {
    for (var block : blocks) {
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return pkcs8(block.bytes());
        }
        case "RSA PRIVATE KEY" -> {
          refuseEncrypted(block.bytes());
          return pkcs8(sequence(VERSION_0, RSA_ALGORITHM, tagged(4, block.bytes())));
        }
        case "EC PRIVATE KEY" -> {
          refuseEncrypted(block.bytes());
          var algorithm = sequence(EC_OID, curve(block.bytes()));
          return pkcs8(sequence(VERSION_0, algorithm, tagged(4, block.bytes())));
        }
        case "ENCRYPTED PRIVATE KEY" -> refuseEncrypted(new byte[0]);
        default -> {
          // Certificates and curve parameters may stand in the same file.
        }
      }
    }
    throw wrong(file, "there is no private key in it");
  }

  private void refuseEncrypted(byte[] key) {
    if (key.length == 0) {
      throw wrong(file, "keys with a passphrase are not supported yet");
    }
  }

  private PrivateKey pkcs8(byte[] encoded) {
    for (var algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException _) {
        // Another algorithm's key; there are only these three.
      }
    }
    throw wrong(file, "its private key is neither RSA, EC nor EdDSA");
  }

  /** The name of the curve out of an EC key (RFC 5915): the object identifier in its field 0. */
  private byte[] curve(byte[] key) {
    for (var at = 0; at + 4 < key.length; at++) {
      var isField = (key[at] & 0xff) == 0xa0 && key[at + 2] == 6;
      if (isField && key[at + 1] == key[at + 3] + 2 && at + 4 + key[at + 3] <= key.length) {
        return Arrays.copyOfRange(key, at + 2, at + 4 + key[at + 3]);
      }
    }
    throw wrong(file, "its EC key does not name its curve");
  }

  private static byte[] sequence(byte[]... parts) {
    var content = new ByteArrayOutputStream();
    for (var part : parts) {
      content.writeBytes(part);
    }
    return tagged(0x30, content.toByteArray());
  }

  /** A value with its tag and length (DER). */
  private static byte[] tagged(int tag, byte[] content) {
    var result = new ByteArrayOutputStream();
    result.write(tag);
    if (content.length < 0x80) {
      result.write(content.length);
    } else {
      var length = HexFormat.of().parseHex(String.format("%08x", content.length));
      result.write(0x80 | length.length);
      result.writeBytes(length);
    }
    result.writeBytes(content);
    return result.toByteArray();
  }
}
