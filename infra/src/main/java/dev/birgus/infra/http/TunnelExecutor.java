package dev.birgus.infra.http;

import java.io.IOException;
import java.io.Serial;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Shows proxies who we are, and does not take their answer for the server's. */
final class TunnelExecutor extends HttpRequestExecutor {

  private static final String SHOWN = "Proxy-Authorization";
  private static final int OPEN = 200;

  /** The proxy does not let us through. */
  static final class Refusal extends IOException {
    @Serial private static final long serialVersionUID = 1;

    private static final int WANTS_CREDENTIALS = 407;

    private final int status;

    Refusal(int status) {
      super("Tunnel failed, got: " + status);
      this.status = status;
    }

    int status() {
      return status;
    }

    boolean wantsCredentials() {
      return status == WANTS_CREDENTIALS;
    }
  }

  @Override
  public ClassicHttpResponse execute(
      ClassicHttpRequest request,
      HttpClientConnection connection,
      @Nullable HttpResponseInformationCallback announced,
      HttpContext context)
      throws IOException, HttpException {
    var known = ExchangeContext.of(context);
    var tunnel = Method.CONNECT.isSame(request.getMethod());
    if (tunnel || known.isAskedByProxy()) {
      known.proxyAuthorization().ifPresent(value -> request.setHeader(SHOWN, value));
    }
    var response = super.execute(request, connection, announced, context);
    if (tunnel && response.getCode() != OPEN) {
      throw new Refusal(response.getCode());
    }
    return response;
  }
}
