package dev.birgus.infra.blobs;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where the nodes of a cluster have each other's blobs from. {@link BlobPlaceSyntax} reads one. */
public sealed interface BlobPlace {

  /** Nowhere: there is one node, and its own directory is all there is. */
  record Own() implements BlobPlace {}

  /**
   * A directory that all nodes have mounted.
   *
   * @param directory absolute
   */
  record Shared(Path directory) implements BlobPlace {
    public Shared {
      if (!directory.isAbsolute()) {
        throw new IllegalArgumentException("the directory " + directory + " is not absolute");
      }
    }
  }

  /**
   * A bucket of S3 or of a server that speaks as it does.
   *
   * @param bucket its name
   * @param prefix what the names of all objects begin with, empty or with a slash at its end
   * @param endpoint of a server other than Amazon's
   * @param region empty for what the environment says
   * @param pathStyle whether the bucket stands in the path of addresses, and not in the host's name
   */
  record S3(
      String bucket,
      String prefix,
      Optional<URI> endpoint,
      Optional<String> region,
      boolean pathStyle)
      implements BlobPlace {
    public S3 {
      requireNonNull(bucket, "bucket");
      requireNonNull(endpoint, "endpoint");
      requireNonNull(region, "region");
      if (!bucket.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{1,62}")) {
        throw new IllegalArgumentException("\"" + bucket + "\" is no name of a bucket");
      }
      if (!prefix.isEmpty() && (!prefix.endsWith("/") || prefix.startsWith("/"))) {
        throw new IllegalArgumentException("the prefix \"" + prefix + "\" is no folder's name");
      }
    }
  }

  /**
   * The nodes themselves, by doors they open for each other.
   *
   * @param addresses of the doors; a name may stand for many nodes; at least one
   * @param listen where this node's door is
   * @param tls how the doors are kept; empty for plain HTTP
   */
  record Peers(List<Address> addresses, Address listen, Optional<Tls> tls) implements BlobPlace {
    public Peers {
      addresses = List.copyOf(addresses);
      requireNonNull(listen, "listen");
      requireNonNull(tls, "tls");
      if (addresses.isEmpty()) {
        throw new IllegalArgumentException("no address of a node is given");
      }
    }
  }

  /**
   * A host and a port.
   *
   * @param host a name, or an IP address without brackets
   * @param port 0 to 65535; 0 is any free one, to listen on
   */
  record Address(String host, int port) {
    public Address {
      if (host.isEmpty() || port < 0 || port > 65535) {
        throw new IllegalArgumentException("\"" + host + ":" + port + "\" is no host and port");
      }
    }

    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /**
   * Files in PEM form for doors with TLS.
   *
   * @param certificate of this node's door, with what leads to the authority
   * @param key of the certificate
   * @param authority who vouches for the doors of the other nodes
   */
  record Tls(Path certificate, Path key, Path authority) {
    public Tls {
      requireNonNull(certificate, "certificate");
      requireNonNull(key, "key");
      requireNonNull(authority, "authority");
    }
  }
}
