package dev.birgus.infra.blobs.peer;

import dev.birgus.infra.blobs.PacedInputStream;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.util.Optional;
import java.util.OptionalLong;
import javax.net.ssl.HttpsURLConnection;

/** Single requests to the doors of other nodes. */
final class PeerConnections {

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;

  private final PeerToken token;
  private final PeerLimits limits;
  private final Optional<PeerTrust> trust;
  private final String shelf;

  /**
   * Connections with TLS if there is somebody to trust.
   *
   * @param shelf which blobs of other nodes are asked for
   */
  PeerConnections(PeerToken token, PeerLimits limits, Optional<PeerTrust> trust, String shelf) {
    this.shelf = shelf;
    this.token = token;
    this.limits = limits;
    this.trust = trust;
  }

  /** A node does not know our token. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    RefusedException(Peer peer) {
      super("the node " + peer + " refuses our token");
    }
  }

  /** The size of a blob, if the node has it. */
  OptionalLong size(Peer peer, Digest digest) throws IOException {
    var connection = connect(peer, digest, "HEAD");
    try {
      return switch (status(connection, peer)) {
        case OK -> size(connection, peer);
        case NOT_FOUND -> OptionalLong.empty();
        default -> throw unexpected(connection, peer);
      };
    } finally {
      connection.disconnect();
    }
  }

  private static OptionalLong size(HttpURLConnection connection, Peer peer) throws IOException {
    var size = connection.getContentLengthLong();
    if (size < 0) {
      throw new IOException("the node " + peer + " does not say how large the blob is");
    }
    return OptionalLong.of(size);
  }

  /** Some bytes of a blob, as many as are asked for at once. */
  InputStream open(Peer peer, Digest digest, long offset) throws IOException {
    var connection = connect(peer, digest, "GET");
    connection.setRequestProperty("Range", "bytes=" + offset + "-" + (offset + limits.range() - 1));
    var status = status(connection, peer);
    var isFromThere = status == PARTIAL || (status == OK && offset == 0);
    if (!isFromThere) {
      connection.disconnect();
      throw unexpected(connection, peer);
    }
    return new PacedInputStream(connection.getInputStream(), limits.pace(), System::nanoTime);
  }

  private HttpURLConnection connect(Peer peer, Digest digest, String method) throws IOException {
    // Nodes are reached as they are, and nobody but them is shown the token.
    var connection =
        (HttpURLConnection)
            peer.address(trust.isPresent(), shelf, digest).toURL().openConnection(Proxy.NO_PROXY);
    connection.setRequestMethod(method);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) limits.connect().toMillis());
    connection.setReadTimeout((int) limits.silence().toMillis());
    connection.setRequestProperty("Authorization", token.authorization());
    if (trust.isPresent() && connection instanceof HttpsURLConnection secure) {
      trust.get().on(secure, peer.name().host());
    }
    return connection;
  }

  private static int status(HttpURLConnection connection, Peer peer) throws IOException {
    var status = connection.getResponseCode();
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      connection.disconnect();
      throw new RefusedException(peer);
    }
    return status;
  }

  private static IOException unexpected(HttpURLConnection connection, Peer peer)
      throws IOException {
    return new IOException("the node " + peer + " answers " + connection.getResponseCode());
  }
}
