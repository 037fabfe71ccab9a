package dev.birgus.infra.http;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.ResponseOutOfOrderStrategy;
import org.apache.hc.core5.util.Timeout;

/** Sees that a server has answered before it has everything: the rest is not sent then. */
final class EarlyAnswers implements ResponseOutOfOrderStrategy {

  /** Bytes between two looks where looking means waiting for a millisecond, which is inside TLS. */
  private static final long BETWEEN = 16 << 20;

  @Override
  public boolean isEarlyResponseDetected(
      ClassicHttpRequest request,
      HttpClientConnection connection,
      InputStream answer,
      long sent,
      long next)
      throws IOException {
    if (connection.getSSLSession() == null) {
      return answer.available() > 0;
    }
    return sent / BETWEEN < (sent + next) / BETWEEN
        && connection.isDataAvailable(Timeout.ONE_MILLISECOND);
  }
}
