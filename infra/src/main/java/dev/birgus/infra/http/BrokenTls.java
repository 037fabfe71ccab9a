package dev.birgus.infra.http;

import java.io.IOException;
import javax.net.ssl.SSLException;

/** Tells connections that broke from certificates and ciphers that were not agreed on. */
final class BrokenTls {

  private BrokenTls() {}

  /** What happened to the connection below TLS, if that is what happened. */
  static IOException told(SSLException failure) {
    for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException broken && !(cause instanceof SSLException)) {
        return new IOException("TLS was broken off: " + broken.getMessage(), broken);
      }
    }
    return failure;
  }
}
