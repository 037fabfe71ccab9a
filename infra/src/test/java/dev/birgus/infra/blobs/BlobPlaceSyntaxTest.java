package dev.birgus.infra.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.blobs.BlobPlace.Address;
import dev.birgus.infra.contracts.FailureException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlobPlaceSyntaxTest {

  @Test
  void aNodeMayBeAloneOrShareADirectory() {
    assertThat(BlobPlaceSyntax.parse("own")).isEqualTo(new BlobPlace.Own());
    assertThat(BlobPlaceSyntax.parse(" dir:/mnt/blobs/ "))
        .isEqualTo(new BlobPlace.Shared(Path.of("/mnt/blobs")));
  }

  @Test
  void aBucketHasAPrefixAndMayBeOnAnotherServer() {
    assertThat(BlobPlaceSyntax.parse("s3://my-bucket/ci/blobs?region=eu-west-1"))
        .isEqualTo(
            new BlobPlace.S3(
                "my-bucket", "ci/blobs/", Optional.empty(), Optional.of("eu-west-1"), false));
    assertThat(BlobPlaceSyntax.parse("s3://b-1?endpoint=http%3A%2F%2Fminio:9000"))
        .isEqualTo(
            new BlobPlace.S3(
                "b-1", "", Optional.of(URI.create("http://minio:9000")), Optional.empty(), true));
    assertThat(BlobPlaceSyntax.parse("s3://b-1/?endpoint=https://s3.example.org&path-style=false"))
        .isEqualTo(
            new BlobPlace.S3(
                "b-1",
                "",
                Optional.of(URI.create("https://s3.example.org")),
                Optional.empty(),
                false));
  }

  @Test
  void peersListenAtThePortOfTheFirstIfNothingElseIsSaid() {
    assertThat(BlobPlaceSyntax.parse("peers:nodes.internal:8099"))
        .isEqualTo(
            new BlobPlace.Peers(
                List.of(new Address("nodes.internal", 8099)),
                new Address("0.0.0.0", 8099),
                Optional.empty()));
    assertThat(
            BlobPlaceSyntax.parse(
                "peers:a:1,[::1]:2?listen=127.0.0.1:0&certificate=/c&key=/k&ca=/a"))
        .isEqualTo(
            new BlobPlace.Peers(
                List.of(new Address("a", 1), new Address("::1", 2)),
                new Address("127.0.0.1", 0),
                Optional.of(new BlobPlace.Tls(Path.of("/c"), Path.of("/k"), Path.of("/a")))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "elsewhere",
        "dir:relative",
        "dir:",
        "s3://",
        "s3:bucket",
        "s3://b!cket",
        "s3://bucket?endpoint=ftp://x",
        "s3://bucket?endpoint=http://user:pass@x",
        "s3://bucket?path-style=maybe",
        "s3://bucket?colour=red",
        "s3://bucket?region=",
        "peers:",
        "peers:host",
        "peers:host:99999",
        "peers:host:x",
        "peers::1",
        "peers:a:1,,b:2",
        "peers:::1:80",
        "peers:a:1?certificate=/c",
      })
  void whatIsNoPlaceIsRefusedWithTheLine(String line) {
    assertThatThrownBy(() -> BlobPlaceSyntax.parse(line))
        .isInstanceOfSatisfying(
            FailureException.class,
            bad -> {
              assertThat(bad.failure().name()).isEqualTo("bad-blob-place");
              assertThat(bad.failure().message()).contains("\"" + line + "\"");
            });
  }
}
