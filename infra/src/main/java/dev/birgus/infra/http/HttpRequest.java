package dev.birgus.infra.http;

import static java.util.Objects.requireNonNull;

import java.io.InputStream;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request.
 *
 * @param headers all but those that say how the body is framed, whose connection it is and what a
 *     proxy is shown; they may hold secrets
 */
public record HttpRequest(String method, URI uri, Map<String, String> headers, Body body) {

  private static final List<String> OURS =
      List.of("Host", "Content-Length", "Transfer-Encoding", "Connection", "Proxy-Authorization");

  /**
   * Checks that it is a request and nothing beside it.
   *
   * @throws IllegalArgumentException if a name or value has characters that would end a header
   */
  public HttpRequest {
    requireNonNull(uri, "uri");
    requireNonNull(body, "body");
    checkToken(method);
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    var names = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.forEach((name, value) -> {
      checkToken(name);
      if (!value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c != 0x7f && c <= 0xff))) {
        throw new IllegalArgumentException("the header " + name + " has a character none may have");
      }
      names.put(name, name);
    });
    for (var own : OURS) {
      if (names.containsKey(own)) {
        throw new IllegalArgumentException("the header " + own + " is not the caller's");
      }
    }
  }

  private static void checkToken(String word) {
    if (word.isEmpty()
        || !word.chars()
            .allMatch(c -> c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0)) {
      throw new IllegalArgumentException("no word of HTTP: " + word.length() + " characters");
    }
  }

  /** What is sent along. */
  public sealed interface Body {

    /** Nothing. */
    record None() implements Body {}

    /** A small document. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Bytes(byte[] bytes) implements Body {}

    /**
     * Bytes that are read once.
     *
     * @param length how many they are; negative if that shows when they end
     */
    record Stream(InputStream content, long length) implements Body {}
  }

  /** How many bytes the body has; negative if that shows when they end. */
  public long length() {
    return switch (body) {
      case Body.None _ -> 0;
      case Body.Bytes(var bytes) -> bytes.length;
      case Body.Stream(_, var length) -> length;
    };
  }

  /** Without headers, which may hold secrets, and without the query, which may be one. */
  @Override
  public String toString() {
    return method + " " + uri.getScheme() + "://" + uri.getHost() + uri.getRawPath();
  }
}
