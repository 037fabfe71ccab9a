package dev.birgus.infra.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpConnectTimeoutException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** Says in the words of the JDK what the library says in its own. */
final class BrokenConnection {

  private BrokenConnection() {}

  /** What failed. */
  static IOException told(IOException failure) {
    return switch (failure) {
      case SSLException tls -> told(tls);
      case ConnectTimeoutException late -> {
        var timeout = new HttpConnectTimeoutException("no connection in time");
        timeout.initCause(late);
        yield timeout;
      }
      case NoHttpResponseException none -> new IOException("received no bytes of an answer", none);
      case ClientProtocolException nonsense ->
          new IOException("it does not speak HTTP/1.1: " + nonsense.getMessage(), nonsense);
      // To others that would mean that they themselves were interrupted.
      case InterruptedIOException closed -> new IOException(closed.getMessage(), closed);
      default -> failure;
    };
  }

  /** Tells connections that broke below TLS from certificates and ciphers nobody agreed on. */
  private static IOException told(SSLException failure) {
    for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException broken && !(cause instanceof SSLException)) {
        return new IOException("TLS was broken off: " + broken.getMessage(), broken);
      }
    }
    return failure;
  }
}
