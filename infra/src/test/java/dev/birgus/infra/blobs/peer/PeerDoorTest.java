package dev.birgus.infra.blobs.peer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.BlobPlace;
import dev.birgus.infra.blobs.BlobPlace.Address;
import dev.birgus.infra.doors.DoorSettings;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerDoorTest {

  private static final byte[] HELLO = "hello".getBytes(UTF_8);
  private static final Digest DIGEST = Digest.sha256(HELLO);

  @TempDir Path folder;
  private PeerNodes nodes;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void make() {
    nodes = new PeerNodes(folder);
  }

  @AfterEach
  void close() throws Exception {
    client.close();
    nodes.close();
  }

  private PeerNodes.Node nodeWithHello() throws IOException {
    var node = nodes.start();
    PeerNodes.write(node.own(), HELLO);
    return node;
  }

  private HttpResponse<String> send(PeerNodes.Node node, String method, String path, String... more)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + node.address() + path))
            .method(method, BodyPublishers.noBody())
            .header("Authorization", PeerNodes.TOKEN.authorization());
    for (var i = 0; i < more.length; i += 2) {
      request.setHeader(more[i], more[i + 1]);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Test
  void aBlobIsGivenWholeOrInPart() throws Exception {
    var node = nodeWithHello();
    var path = PeerDoor.BLOBS + DIGEST;

    assertThat(send(node, "GET", path).body()).isEqualTo("hello");
    assertThat(send(node, "GET", path).statusCode()).isEqualTo(200);
    assertThat(send(node, "GET", path, "Range", "bytes=1-2").body()).isEqualTo("el");
    assertThat(send(node, "GET", path, "Range", "bytes=1-2").headers().firstValue("content-range"))
        .hasValue("bytes 1-2/5");
    assertThat(send(node, "GET", path, "Range", "bytes=3-").body()).isEqualTo("lo");
    assertThat(send(node, "GET", path, "Range", "bytes=3-99").body()).isEqualTo("lo");
    assertThat(send(node, "GET", path, "Range", "bytes=3-99").statusCode()).isEqualTo(206);
    assertThat(send(node, "GET", path, "Range", "bytes=5-").statusCode()).isEqualTo(416);
    assertThat(send(node, "GET", path, "Range", "bytes=2-1").statusCode()).isEqualTo(416);
    assertThat(send(node, "GET", path, "Range", "bytes=-2").body()).isEqualTo("hello");
  }

  @Test
  void whoLooksLearnsTheSize() throws Exception {
    var node = nodeWithHello();
    var answer = send(node, "HEAD", PeerDoor.BLOBS + DIGEST);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-length")).hasValue("5");
    assertThat(send(node, "HEAD", PeerDoor.BLOBS + Digest.sha256(new byte[1])).statusCode())
        .isEqualTo(404);
  }

  @Test
  void nothingButBlobsCanBeReachedAndNothingCanBeWritten() throws Exception {
    var node = nodeWithHello();
    Files.writeString(folder.resolve("secret"), "secret");

    for (var path :
        new String[] {
          "/",
          "/v1/peer/blobs",
          PeerDoor.BLOBS,
          PeerDoor.BLOBS + "sha256",
          PeerDoor.BLOBS + "sha256:" + "0".repeat(63),
          PeerDoor.BLOBS + "sha256:../../secret",
          PeerDoor.BLOBS + "..%2F..%2Fsecret",
          PeerDoor.BLOBS + "sha256:..%2F..%2F" + "0".repeat(54),
          PeerDoor.BLOBS + DIGEST + "/",
          PeerDoor.BLOBS + "made",
        }) {
      assertThat(send(node, "GET", path).statusCode()).as(path).isEqualTo(404);
    }
    for (var method : new String[] {"PUT", "POST", "DELETE", "PATCH"}) {
      assertThat(send(node, method, PeerDoor.BLOBS + DIGEST).statusCode()).isEqualTo(405);
    }
    assertThat(node.own().size(DIGEST)).hasValue(5);
  }

  @Test
  void whoDoesNotShowTheTokenSeesNothing() throws Exception {
    var node = nodeWithHello();
    var token = PeerNodes.TOKEN.authorization();

    for (var shown :
        new String[] {
          "",
          "Bearer",
          "Bearer ",
          "Bearer wrong-token-of-somebody",
          "Basic " + token.substring("Bearer ".length()),
          token + "x",
          token.substring(0, token.length() - 1)
        }) {
      for (var digest : new Digest[] {DIGEST, Digest.sha256(new byte[1])}) {
        var answer = send(node, "GET", PeerDoor.BLOBS + digest, "Authorization", shown);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain("hello").doesNotContain("coconut");
      }
    }
  }

  private PeerNodes.Node secureNode(String names, String name) throws IOException {
    var certificates = Files.createDirectories(folder.resolve("tls"));
    RealRegistry.makeCertificates(certificates, names);
    var certificate =
        new DoorSettings.Certificate(
            certificates.resolve("server.pem"), certificates.resolve("server.key"));
    var node = nodes.start(Optional.of(certificate), name);
    PeerNodes.write(node.own(), HELLO);
    return node;
  }

  private PeerBlobs seeing(Address address, Path authority) {
    var tls =
        new BlobPlace.Tls(
            folder.resolve("tls/server.pem"), folder.resolve("tls/server.key"), authority);
    return nodes.seeing(PeerNodes.TOKEN, PeerNodes.IMPATIENT, Optional.of(tls), address);
  }

  @Test
  void doorsWithTlsAreKnownByTheirNameThoughTheyAreReachedByTheirAddress() throws IOException {
    var node = secureNode("DNS:localhost", "localhost");
    var own = nodes.own();

    assertThat(seeing(node.address(), folder.resolve("tls/ca.pem")).fetch(DIGEST, own)).isTrue();
    assertThat(own.size(DIGEST)).hasValue(5);
  }

  @Test
  void aDoorOfAnotherNameOrAuthorityIsNotShownTheToken() throws IOException {
    var node = secureNode("DNS:another.test", "localhost");
    var other = Files.createDirectories(folder.resolve("other"));
    RealRegistry.makeCertificates(other, "DNS:localhost");

    assertThat(seeing(node.address(), folder.resolve("tls/ca.pem")).size(DIGEST)).isEmpty();
    assertThat(seeing(node.address(), other.resolve("ca.pem")).size(DIGEST)).isEmpty();
    assertThat(nodes.told().toString()).contains("localhost");
  }

  @Test
  void aFileWithoutCertificatesIsNamed() throws IOException {
    var empty = Files.writeString(folder.resolve("empty.pem"), "nothing");

    assertThatThrownBy(() -> PeerTrust.in(empty)).hasMessageContaining(empty.toString());
    assertThatThrownBy(() -> PeerTrust.in(folder.resolve("missing.pem")))
        .hasMessageContaining("missing.pem");
  }

  @Test
  void aStarStandsForOneLabel() {
    assertThat(PeerTrust.covers("node.test", "NODE.test")).isTrue();
    assertThat(PeerTrust.covers("*.nodes.test", "a.nodes.test")).isTrue();
    assertThat(PeerTrust.covers("*.nodes.test", "a.b.nodes.test")).isFalse();
    assertThat(PeerTrust.covers("*.nodes.test", "nodes.test")).isFalse();
    assertThat(PeerTrust.covers("*.test", "nodes.test")).isFalse();
    assertThat(PeerTrust.covers("*", "localhost")).isFalse();
  }
}
