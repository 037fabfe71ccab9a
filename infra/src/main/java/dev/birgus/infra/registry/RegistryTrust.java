package dev.birgus.infra.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes the TLS of one registry: whom we believe, and what we show. */
final class RegistryTrust {

  private static final char[] NO_PASSWORD = new char[0];

  private RegistryTrust() {}

  /**
   * TLS for a registry.
   *
   * @throws dev.birgus.infra.contracts.FailureException if a certificate or key file is wrong
   */
  static SSLContext context(Endpoint endpoint, RegistrySettings.Trust trust) {
    return context(endpoint, trust, new CertificateRequests());
  }

  /**
   * TLS for a registry.
   *
   * @param requests told when a certificate is asked for that we have not got
   * @throws dev.birgus.infra.contracts.FailureException if a certificate or key file is wrong
   */
  static SSLContext context(
      Endpoint endpoint, RegistrySettings.Trust trust, CertificateRequests requests) {
    try {
      var managers = new TrustManager[] {trustManager(endpoint, trust)};
      var context = SSLContext.getInstance("TLS");
      context.init(keyManagers(endpoint, trust, requests), managers, null);
      return context;
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException("the JVM's TLS cannot be set up", impossible);
    }
  }

  private static TrustManager trustManager(Endpoint endpoint, RegistrySettings.Trust trust)
      throws GeneralSecurityException, IOException {
    if (!endpoint.verified()) {
      return new BlindTrust();
    }
    var authority = trust.authorities().get(endpoint.registry());
    var own =
        authority == null ? List.<X509Certificate>of() : PemFile.read(authority).certificates();
    Supplier<X509ExtendedTrustManager> added = () -> managerOf(store(own, trust.bundles()));
    return new LayeredTrust(
        () -> managerOf(null),
        own.isEmpty() && trust.bundles().isEmpty() ? Optional.empty() : Optional.of(added));
  }

  private static X509ExtendedTrustManager managerOf(@Nullable KeyStore store) {
    try {
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (var manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager found) {
          return found;
        }
      }
      throw new IllegalStateException("the JVM has no X.509 trust manager");
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("the JVM's trust store cannot be read", impossible);
    }
  }

  private static KeyStore store(List<X509Certificate> own, List<Path> bundles) {
    try {
      var store = emptyStore();
      var number = 0;
      for (var certificate : own) {
        store.setCertificateEntry("own-" + number++, certificate);
      }
      var seen = new HashSet<X509Certificate>();
      for (var file : files(bundles)) {
        for (var certificate : PemFile.readable(file)) {
          if (!seen.add(certificate)) {
            continue;
          }
          store.setCertificateEntry("bundle-" + number++, certificate);
        }
      }
      return store;
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException("certificates cannot be kept in memory", impossible);
    }
  }

  /** The files among the bundles; a directory stands for the PEM files in it. */
  private static List<Path> files(List<Path> bundles) throws IOException {
    var result = new ArrayList<Path>();
    for (var bundle : bundles) {
      if (Files.isDirectory(bundle)) {
        try (var entries = Files.newDirectoryStream(bundle, "*.{pem,crt}")) {
          entries.forEach(entry -> {
            if (Files.isRegularFile(entry)) {
              result.add(entry);
            }
          });
        }
      } else if (Files.isRegularFile(bundle)) {
        result.add(bundle);
      }
    }
    return result;
  }

  private static KeyManager[] keyManagers(
      Endpoint endpoint, RegistrySettings.Trust trust, CertificateRequests requests)
      throws GeneralSecurityException, IOException {
    var client = trust.clientCertificates().get(endpoint.registry());
    if (client == null) {
      return new KeyManager[] {requests};
    }
    var chain = PemFile.read(client.certificate()).certificates();
    var key = PemFile.read(client.key()).privateKey();
    var store = emptyStore();
    store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
