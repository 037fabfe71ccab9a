package dev.birgus.infra.http;

import java.io.IOException;
import java.net.SocketException;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * Asks again where a connection that had been kept brought nothing: the server may have closed it
 * just then, and never have seen the request. What else fails is for those who call to repeat.
 */
final class StaleConnectionRetry implements HttpRequestRetryStrategy {

  private static final int MOST = 8;

  @Override
  public boolean retryRequest(
      HttpRequest request, IOException failure, int attempts, HttpContext context) {
    var connection = ExchangeContext.of(context).getEndpointDetails();
    var kept = connection != null && connection.getRequestCount() > 1;
    var silent =
        failure instanceof NoHttpResponseException
            || failure.getClass() == SocketException.class
            || failure.getClass() == IOException.class;
    return kept && silent && attempts <= MOST && Method.isIdempotent(request.getMethod());
  }

  @Override
  public boolean retryRequest(HttpResponse response, int attempts, HttpContext context) {
    return false;
  }

  @Override
  public TimeValue getRetryInterval(HttpResponse response, int attempts, HttpContext context) {
    return TimeValue.ZERO_MILLISECONDS;
  }
}
