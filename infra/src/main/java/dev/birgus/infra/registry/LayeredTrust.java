package dev.birgus.infra.registry;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Believes whom the JVM believes, and then whom the user's certificate files vouch for. */
final class LayeredTrust extends X509ExtendedTrustManager {

  private interface Check {
    void on(X509ExtendedTrustManager manager) throws CertificateException;
  }

  private final Layer first;
  private final Optional<Layer> second;

  /**
   * A manager of one or two layers. Each is made when it is first asked: reading hundreds of
   * certificates is no way to begin speaking plain http.
   *
   * @param second asked if the first one says no
   */
  LayeredTrust(
      Supplier<X509ExtendedTrustManager> first,
      Optional<Supplier<X509ExtendedTrustManager>> second) {
    this.first = new Layer(first);
    this.second = second.map(Layer::new);
  }

  private void check(Check check) throws CertificateException {
    try {
      check.on(first.manager());
    } catch (CertificateException no) {
      if (second.isEmpty()) {
        throw no;
      }
      check.on(second.get().manager());
    }
  }

  private static final class Layer {
    private final Supplier<X509ExtendedTrustManager> source;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable X509ExtendedTrustManager made;

    Layer(Supplier<X509ExtendedTrustManager> source) {
      this.source = source;
    }

    X509ExtendedTrustManager manager() {
      lock.lock();
      try {
        var manager = made;
        if (manager == null) {
          manager = source.get();
          made = manager;
        }
        return manager;
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(manager -> manager.checkClientTrusted(chain, type));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(manager -> manager.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(manager -> manager.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(manager -> manager.checkServerTrusted(chain, type, engine));
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    // Asked of servers only.
    return new X509Certificate[0];
  }
}
