package dev.birgus.infra.blobs.peer;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.doors.Exchange;
import dev.birgus.infra.doors.RefusedRequest;
import dev.birgus.infra.doors.Routes;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * What a node answers other nodes: the size of a blob it has, and its bytes from any of them on. It
 * is asked by digest and knows nothing else, so there is no path to be led astray by.
 */
public final class PeerDoor {

  /** Where a blob is, with its digest at the end. */
  public static final String BLOBS = "/v1/peer/blobs/";

  /** Where a note is, which is a blob of a store of its own. */
  public static final String NOTES = "/v1/peer/notes/";

  /** One range from a first byte on (RFC 9110, 14.1.2); what has another form is not looked at. */
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})?");

  private final DirectoryBlobStore own;
  private final PeerToken token;
  private final String path;

  /** A door to a node's own blobs, for those who show the token. */
  public PeerDoor(DirectoryBlobStore own, PeerToken token) {
    this(own, token, BLOBS);
  }

  /**
   * A door to a store of the node.
   *
   * @param path what stands before the digests
   */
  public PeerDoor(DirectoryBlobStore own, PeerToken token, String path) {
    this.path = requireNonNull(path, "path");
    this.own = requireNonNull(own, "own");
    this.token = requireNonNull(token, "token");
  }

  /** GET and HEAD of a blob. */
  public Routes routes() {
    return new Routes()
        .on("HEAD", path + "{digest}", exchange -> answer(exchange, true))
        .on("GET", path + "{digest}", exchange -> answer(exchange, false));
  }

  private void answer(Exchange exchange, boolean onlyLooked) throws IOException {
    admit(exchange);
    var digest = digest(exchange);
    var size = own.size(digest).orElseThrow(PeerDoor::unknown);
    exchange.header("accept-ranges", "bytes");
    if (onlyLooked) {
      exchange.header("content-length", Long.toString(size));
      exchange.respond(200);
    } else {
      send(exchange, digest, size);
    }
  }

  private void send(Exchange exchange, Digest digest, long size) throws IOException {
    var range = RANGE.matcher(exchange.header("range").orElse(""));
    if (!range.matches()) {
      exchange.respond(200, own.path(digest), 0, size);
      return;
    }
    var first = Long.parseLong(range.group(1));
    var last =
        range.group(2) == null ? size - 1 : Math.min(Long.parseLong(range.group(2)), size - 1);
    if (first > last) {
      exchange.header("content-range", "bytes */" + size);
      throw new RefusedRequest(
          416, Failure.of("bad-range", "the blob has no such bytes", "Ask for others."));
    }
    exchange.header("content-range", "bytes " + first + "-" + last + "/" + size);
    exchange.respond(206, own.path(digest), first, last - first + 1);
  }

  private void admit(Exchange exchange) {
    if (!token.isShownBy(exchange.header("authorization").orElse(""))) {
      exchange.header("www-authenticate", "Bearer");
      throw new RefusedRequest(
          401, Failure.of("wrong-token", "this node asks for another token", ""));
    }
  }

  private static Digest digest(Exchange exchange) {
    try {
      return Digest.parse(exchange.parameter("digest"));
    } catch (IllegalArgumentException none) {
      throw unknown();
    }
  }

  private static RefusedRequest unknown() {
    return new RefusedRequest(404, Failure.of("not-found", "this node has no such blob", ""));
  }
}
