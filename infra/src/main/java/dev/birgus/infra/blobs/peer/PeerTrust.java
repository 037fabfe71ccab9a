package dev.birgus.infra.blobs.peer;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Believes nodes that an authority of the cluster vouches for, and nobody else. A node is reached
 * by its IP address, for a name may stand for many; its certificate is to be for the name.
 */
final class PeerTrust {

  /** The kind of a name in a certificate that is one of DNS (RFC 5280, 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private final SSLSocketFactory sockets;

  private PeerTrust(SSLSocketFactory sockets) {
    this.sockets = sockets;
  }

  /**
   * Trust in the authorities of a PEM file.
   *
   * @throws FailureException {@code certificate-invalid} if there are none in it
   */
  static PeerTrust in(Path authorities) {
    try (var pem = Files.newInputStream(authorities)) {
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      var count = 0;
      for (var each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("authority-" + count, each);
        count++;
      }
      if (count == 0) {
        throw invalid(authorities, new IOException("there is no certificate in it"));
      }
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return new PeerTrust(context.getSocketFactory());
    } catch (IOException | GeneralSecurityException unusable) {
      throw invalid(authorities, unusable);
    }
  }

  private static FailureException invalid(Path file, Exception cause) {
    return Failure.of(
            "certificate-invalid",
            "cannot use the certificates of the nodes' authority in " + file + ": " + cause,
            "Name a file in PEM form that can be read.")
        .toException(cause);
  }

  /** Has a connection believe the authorities, and the name. */
  void on(HttpsURLConnection connection, String name) {
    connection.setSSLSocketFactory(sockets);
    // Asked only when the certificate is not for the IP address.
    connection.setHostnameVerifier((_, session) -> isFor(session, name));
  }

  private static boolean isFor(SSLSession session, String name) {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate certificate
          && names(certificate).stream().anyMatch(each -> covers(each, name));
    } catch (SSLPeerUnverifiedException | CertificateParsingException nobody) {
      return false;
    }
  }

  private static List<String> names(X509Certificate certificate)
      throws CertificateParsingException {
    var names = certificate.getSubjectAlternativeNames();
    return names == null
        ? List.of()
        : names.stream()
            .filter(name -> name.get(0) instanceof Integer kind && kind == DNS_NAME)
            .map(name -> String.valueOf(name.get(1)))
            .toList();
  }

  /** A star stands for one label, the first (RFC 6125, 6.4.3). */
  static boolean covers(String pattern, String name) {
    var wanted = name.toLowerCase(Locale.ROOT);
    var known = pattern.toLowerCase(Locale.ROOT);
    if (!known.startsWith("*.")) {
      return known.equals(wanted);
    }
    var dot = wanted.indexOf('.');
    return dot > 0 && known.indexOf('.', 2) > 0 && known.substring(1).equals(wanted.substring(dot));
  }
}
