package dev.birgus.infra.http;

import static java.util.Objects.requireNonNull;

import java.io.InputStream;
import java.net.http.HttpHeaders;

/**
 * What a server answered.
 *
 * @param body read by one thread at a time. Its connection is used again when it has been read to
 *     its end, and given up when it is closed before; closing it breaks off a read of another
 *     thread
 */
public record HttpResponse(int status, HttpHeaders headers, InputStream body) {
  public HttpResponse {
    requireNonNull(headers, "headers");
    requireNonNull(body, "body");
  }
}
