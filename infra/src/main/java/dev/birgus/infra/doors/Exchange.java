package dev.birgus.infra.doors;

import dev.birgus.infra.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;

/** One request and its answer. */
public interface Exchange {

  /** The part of the path that stands where the route has this name in braces. */
  String parameter(String name);

  /** A parameter of the query, the first of its name. */
  Optional<String> query(String name);

  /** A header of the request. */
  Optional<String> header(String name);

  /** What the client says its body has, in bytes; empty if it does not say. */
  Optional<Long> bodyLength();

  /**
   * The body, read as it arrives.
   *
   * @param limit bytes it may have at most; reading on throws {@link RefusedRequest} with 413
   */
  InputStream body(long limit);

  /** Adds a header to the answer. */
  void header(String name, String value);

  /** Answers without a body. */
  void respond(int status) throws IOException;

  /** Answers with JSON. */
  void respond(int status, Json json) throws IOException;

  /**
   * Begins an answer of unknown length. Each write returns when the client's connection has taken
   * the bytes; the answer is complete when the stream is closed.
   */
  OutputStream stream(int status, String contentType) throws IOException;

  /**
   * Answers with bytes of a file, which the connection takes at its own pace.
   *
   * @param offset of the first byte
   * @param length how many there are
   */
  void respond(int status, Path file, long offset, long length) throws IOException;

  /** Whether the client has gone away. */
  boolean isGone();
}
