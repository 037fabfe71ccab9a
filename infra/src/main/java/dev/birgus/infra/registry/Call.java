package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request to a registry.
 *
 * @param what we want, for messages: "read the manifest of …"
 * @param repository it is about, whose credential is used
 * @param scopes a token must have
 */
record Call(
    String what,
    String method,
    URI uri,
    String repository,
    List<String> scopes,
    Map<String, String> headers,
    Body body) {

  Call {
    requireNonNull(what, "what");
    requireNonNull(method, "method");
    requireNonNull(uri, "uri");
    requireNonNull(repository, "repository");
    scopes = List.copyOf(scopes);
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    requireNonNull(body, "body");
  }

  /** What is sent along. */
  sealed interface Body {

    /** Nothing; a POST says so with a length of 0. */
    record None() implements Body {}

    /** A small document. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Bytes(byte[] bytes) implements Body {}

    /** A blob. */
    record Stream(Registry.BlobContent content, long length) implements Body {}
  }

  Call with(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Call(what, method, uri, repository, scopes, more, body);
  }

  Call sending(Body content) {
    return new Call(what, method, uri, repository, scopes, headers, content);
  }

  Call at(URI other) {
    return new Call(what, method, other, repository, scopes, headers, body);
  }

  Call as(String otherMethod) {
    return new Call(what, otherMethod, uri, repository, scopes, headers, body);
  }
}
