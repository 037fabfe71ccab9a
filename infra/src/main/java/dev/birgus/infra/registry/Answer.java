package dev.birgus.infra.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a registry answered. It must be closed, or read to its end, to give its connection back.
 *
 * @param uri where the answer came from, after redirects
 * @param own whether that is the registry's own origin
 * @param shown where the credential came from that it was shown, by name; empty if it was shown
 *     none
 */
record Answer(
    int status, HttpHeaders headers, InputStream body, URI uri, boolean own, Optional<String> shown)
    implements Closeable {

  /** Bytes read off an answer nobody wants, so that its connection can be used again. */
  private static final int DRAINED = 1 << 16;

  /** The same, given to somebody who showed a credential of this source. */
  Answer shown(Optional<String> source) {
    return new Answer(status, headers, body, uri, own, source);
  }

  /** Whether it is a page for people. */
  boolean isPage() {
    return contentType().equalsIgnoreCase("text/html");
  }

  boolean successful() {
    return status >= 200 && status < 300;
  }

  Optional<String> header(String name) {
    return headers.firstValue(name).filter(value -> !value.isBlank());
  }

  /** The content type without parameters, in lower case; empty if there is none. */
  String contentType() {
    var value = header("Content-Type").orElse("");
    var semicolon = value.indexOf(';');
    return (semicolon < 0 ? value : value.substring(0, semicolon)).strip();
  }

  /** The first bytes of the body as text, for messages. */
  String text() {
    try {
      return new String(body.readNBytes(DRAINED), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return "";
    }
  }

  @Override
  public void close() {
    try (var rest = body) {
      rest.readNBytes(DRAINED);
    } catch (IOException _) {
      // The connection is gone; that is all the closing was to achieve.
    }
  }
}
