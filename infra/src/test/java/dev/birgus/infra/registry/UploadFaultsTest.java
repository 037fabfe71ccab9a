package dev.birgus.infra.registry;

import static dev.birgus.infra.registry.BehindFaults.blob;
import static dev.birgus.infra.registry.BehindFaults.content;
import static dev.birgus.infra.registry.BehindFaults.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.testkit.Fault;
import dev.birgus.infra.testkit.FaultProxy;
import dev.birgus.infra.testkit.RealRegistry;
import dev.birgus.infra.testkit.RegistryTokens;
import dev.birgus.infra.testkit.TokenServices;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes wrong while something is pushed to a real registry. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class UploadFaultsTest {

  private static final String BEGIN = "POST /v2/.*/blobs/uploads/";
  private static final String SEND = "PATCH .*";
  private static final String FINISH = "PUT .*/blobs/uploads/.*";

  @TempDir static Path folder;
  private RealRegistry real;
  private BehindFaults faulty;

  @BeforeAll
  void aRegistry() throws IOException {
    real = RealRegistry.withPassword(folder);
  }

  @AfterAll
  void end() {
    if (real != null) {
      real.close();
    }
  }

  @BeforeEach
  void start() throws IOException {
    faulty = new BehindFaults(real);
  }

  @AfterEach
  void stop() throws IOException {
    faulty.close();
  }

  private RegistryException refusal(String repository, byte[] bytes) {
    var refused =
        catchThrowableOfType(RegistryException.class, () -> faulty.pushed(repository, bytes));
    faulty.toldNoSecret(refused);
    return refused;
  }

  @Test
  void aCutUploadBeginsAgain() throws IOException {
    var bytes = random(3_000_001);
    faulty.proxy().on(SEND, new Fault.CutRequest(1_000_000));

    faulty.pushed("cut", bytes);

    faulty.holds("cut", bytes);
    assertThat(faulty.proxy().asked(SEND)).hasSize(2);
    assertThat(faulty.notes(Journal.Level.WARN))
        .singleElement()
        .satisfies(note -> assertThat(note).contains("is tried again", faulty.host() + "/cut"));
  }

  @Test
  void anUploadThatIsCutAgainAndAgainIsGivenUp() {
    faulty.proxy().always(SEND, new Fault.CutRequest(1_000));

    var refused = refusal("always", random(300_000));

    assertThat(refused.failure().message())
        .contains("cannot upload sha256:", faulty.host() + "/always", "broke");
    assertThat(faulty.proxy().asked(SEND)).hasSize(4);
  }

  @Test
  void anUploadTheRegistryStopsTakingBeginsAgain() throws IOException {
    var bytes = random(20_000_000);
    faulty.proxy().on(SEND, new Fault.StallRequest(100_000));

    faulty.pushed("stalled", bytes);

    faulty.holds("stalled", bytes);
    assertThat(faulty.notes(Journal.Level.WARN).getFirst()).contains("no progress for 1 s");
  }

  @Test
  void anUploadThatIsNeverAnsweredIsGivenUp() {
    faulty.proxy().always(SEND, new Fault.NoAnswer());

    assertThat(refusal("silent", random(1000)).failure().message())
        .contains(faulty.host() + "/silent", "no answer in time");
  }

  @Test
  void aRegistryThatIsIllOrBusyForAWhileIsWaitedFor() throws IOException {
    var bytes = random(500_000);
    faulty.pushed("warm", random(10));
    faulty
        .proxy()
        .on(BEGIN, Fault.reply(429, "Retry-After", "0"))
        .on(SEND, Fault.reply(503))
        .on(FINISH, Fault.reply(500));

    faulty.pushed("ill", bytes);

    faulty.holds("ill", bytes);
    assertThat(faulty.notes(Journal.Level.WARN)).hasSize(3);
  }

  @Test
  void anUploadThatCameToItsEndIsNotRepeatedWhenOnlyTheNewsIsLost() throws IOException {
    var bytes = random(500_000);
    faulty.proxy().on(FINISH, new Fault.LostAnswer());

    faulty.pushed("news", bytes);

    assertThat(faulty.proxy().asked(SEND)).hasSize(1);
    faulty.holds("news", bytes);
  }

  @Test
  void aManifestOfWhichTheNewsIsLostIsWrittenAgain() throws IOException {
    var config = faulty.pushed("tag", "{}".getBytes(UTF_8)).withMediaType(MediaType.OCI_CONFIG);
    var manifest =
        new Manifest(MediaType.OCI_MANIFEST, config, List.of(), Json.Obj.EMPTY).toBytes();
    faulty.proxy().on("PUT /v2/tag/manifests/1", new Fault.LostAnswer(), Fault.reply(500));

    faulty.push().pushManifest("tag", "1", MediaType.OCI_MANIFEST, manifest);

    assertThat(faulty.pull().manifest("tag", "1").orElseThrow().digest())
        .isEqualTo(Digest.sha256(manifest));
  }

  @Test
  void aStreamedUploadThatIsCutReadsItsContentAgain() throws IOException {
    var bytes = random(2_000_000);
    faulty.proxy().on(SEND, new Fault.CutRequest(700_000));

    var blob = faulty.push().pushBlob("streamed", MediaType.OCI_LAYER_GZIP, content(bytes));

    assertThat(blob).isEqualTo(blob(bytes));
    faulty.holds("streamed", bytes);
  }

  @Test
  void contentThatCanBeReadOnceIsNotBlamedOnTheRegistry() {
    var bytes = random(2_000_000);
    var opened = new AtomicBoolean();
    faulty.proxy().on(SEND, Fault.pass(), new Fault.CutRequest(700_000));

    assertThatThrownBy(
            () -> {
              faulty.pushed("warm", random(11));
              faulty
                  .push()
                  .pushBlob(
                      "once",
                      MediaType.OCI_LAYER_GZIP,
                      () -> {
                        if (opened.getAndSet(true)) {
                          throw new IOException("the layer is gone");
                        }
                        return new ByteArrayInputStream(bytes);
                      });
            })
        .hasMessage("the layer is gone");
  }

  @Test
  void aBlobGoesInPiecesWhereTheRegistryWantsThat() throws IOException {
    // given
    var bytes = random((40 << 20) + 1);
    faulty
        .proxy()
        .always(BEGIN, new Fault.ChangeHeader("OCI-Chunk-Min-Length", _ -> "5242880"))
        .on(SEND, Fault.pass(), new Fault.CutRequest(9_000_000));

    // when
    faulty.pushed("pieces", bytes);

    // then
    assertThat(faulty.proxy().asked(SEND)).hasSizeGreaterThanOrEqualTo(4);
    faulty.holds("pieces", bytes);
  }

  @Test
  void aForeignPlaceForAnUploadGetsNoAuthorization() throws IOException {
    try (var other = new FaultProxy(real.host())) {
      // given
      faulty
          .proxy()
          .always(
              BEGIN,
              new Fault.ChangeHeader(
                  "Location", place -> place.replace(faulty.host(), other.host())));

      // when
      var refused = refusal("foreign", random(1000));

      // then
      assertThat(refused.failure().name()).isEqualTo("registry-denied");
      assertThat(refused.failure().message())
          .contains(faulty.host() + "/foreign", "sent us to " + other.host(), "401")
          .doesNotContain("_state");
      assertThat(other.asked())
          .isNotEmpty()
          .allSatisfy(asked -> assertThat(asked.authorization()).isEmpty());
    }
  }

  @Test
  void aPlaceOutsideOfHttpIsNotGoneTo() {
    faulty.proxy().always(BEGIN, new Fault.ChangeHeader("Location", _ -> "ftp://evil.test/?k=1"));

    assertThat(refusal("ftp", random(1000)).failure().message())
        .contains("ftp://evil.test/")
        .doesNotContain("k=1");
  }

  @Test
  void tokensThatEndInTheMiddleAreReplaced() throws Exception {
    try (var services = new TokenServices();
        var registry =
            RealRegistry.withTokens(
                folder.resolve("tokens"), "http://" + services.address() + "/token");
        var expiring =
            new BehindFaults(
                registry.host(), 0, Optional.of(BehindFaults.user(RealRegistry.PASSWORD)))) {
      // given
      services.on(
          "127.0.0.1",
          new RegistryTokens(folder.resolve("tokens"))
              .service(RealRegistry.USER, RealRegistry.PASSWORD));
      var bytes = random(2_000_000);
      var expired =
          Fault.reply(
              401,
              "WWW-Authenticate",
              "Bearer realm=\"http://"
                  + services.address()
                  + "/token\",service=\"registry\",error=\"invalid_token\"");
      expiring.proxy().on(SEND, expired).on(FINISH, expired).on("PUT .*/manifests/.*", expired);

      // when
      expiring.pushed("app", bytes);
      var config = expiring.pushed("app", "{}".getBytes(UTF_8)).withMediaType(MediaType.OCI_CONFIG);
      var manifest =
          new Manifest(MediaType.OCI_MANIFEST, config, List.of(blob(bytes)), Json.Obj.EMPTY);
      expiring.push().pushManifest("app", "1", MediaType.OCI_MANIFEST, manifest.toBytes());

      // then
      expiring.holds("app", bytes);
      assertThat(services.asked()).hasSizeGreaterThanOrEqualTo(4);
      assertThat(expiring.notes(Journal.Level.WARN)).isEmpty();
      assertThat(expiring.proxy().asked(SEND).getFirst().authorization())
          .isNotEqualTo(expiring.proxy().asked(SEND).get(1).authorization());
    }
  }

  @Test
  void aWrongPasswordIsToldFromNone() throws IOException {
    try (var wrong = new BehindFaults(real.host(), 0, Optional.of(BehindFaults.user("mellon")));
        var none = new BehindFaults(real.host(), 0, Optional.empty())) {
      assertThatThrownBy(() -> wrong.push().checkPush("app"))
          .hasMessageContaining("401")
          .hasMessageContaining("the credentials are not accepted")
          .hasMessageNotContaining("mellon");
      assertThatThrownBy(() -> none.push().checkPush("app"))
          .hasMessageContaining("401")
          .hasMessageContaining("there are no credentials for " + none.host());
    }
  }
}
