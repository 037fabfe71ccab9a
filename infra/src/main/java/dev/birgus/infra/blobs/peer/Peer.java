package dev.birgus.infra.blobs.peer;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobPlace.Address;
import dev.birgus.infra.oci.Digest;
import java.net.InetAddress;
import java.net.URI;

/**
 * One node, among those a name stands for.
 *
 * @param name as it is configured: what a certificate has to be for
 * @param ip where it is
 */
record Peer(Address name, InetAddress ip) {

  Peer {
    requireNonNull(name, "name");
    requireNonNull(ip, "ip");
  }

  /**
   * Where it has a blob.
   *
   * @param shelf which of its blobs: {@link PeerDoor#BLOBS} or {@link PeerDoor#NOTES}
   */
  URI address(boolean tls, String shelf, Digest digest) {
    var host = new Address(withoutZone(ip.getHostAddress()), name.port());
    return URI.create((tls ? "https://" : "http://") + host + shelf + digest);
  }

  private static String withoutZone(String host) {
    var percent = host.indexOf('%');
    return percent < 0 ? host : host.substring(0, percent);
  }

  @Override
  public String toString() {
    var shown = withoutZone(ip.getHostAddress());
    return shown.equals(name.host()) ? name.toString() : name + " (" + shown + ")";
  }
}
