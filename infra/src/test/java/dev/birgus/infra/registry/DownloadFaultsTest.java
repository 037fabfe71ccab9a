package dev.birgus.infra.registry;

import static dev.birgus.infra.registry.BehindFaults.blob;
import static dev.birgus.infra.registry.BehindFaults.content;
import static dev.birgus.infra.registry.BehindFaults.random;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.testkit.Fault;
import dev.birgus.infra.testkit.FaultProxy;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes wrong while something is pulled from a real registry. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DownloadFaultsTest {

  private static final byte[] BYTES = random(3_000_000);
  private static final String BLOBS = "GET /v2/app/blobs/.*";
  private static final String MANIFESTS = "GET /v2/app/manifests/.*";

  @TempDir static Path folder;
  private RealRegistry real;
  private Digest image;
  private BehindFaults faulty;

  @BeforeAll
  void aRegistryWithAnImage() throws IOException {
    real = RealRegistry.withPassword(folder);
    try (var whole = new BehindFaults(real)) {
      var layer = whole.pushed("app", BYTES);
      var config = whole.pushed("app", "{}".getBytes(UTF_8)).withMediaType(MediaType.OCI_CONFIG);
      var manifest =
          new Manifest(MediaType.OCI_MANIFEST, config, List.of(layer), Json.Obj.EMPTY).toBytes();
      whole.push().pushManifest("app", "1", MediaType.OCI_MANIFEST, manifest);
      image = Digest.sha256(manifest);
    }
  }

  @AfterAll
  void end() {
    if (real != null) {
      real.close();
    }
  }

  @BeforeEach
  void someoneWhoIsKnownThere() throws IOException {
    faulty = new BehindFaults(real);
    faulty.pull().headManifest("app", "1");
  }

  @AfterEach
  void stop() throws IOException {
    faulty.close();
  }

  private byte[] layer() throws IOException {
    try (var input = faulty.pull().blob("app", blob(BYTES))) {
      return input.readAllBytes();
    }
  }

  private RegistryException refusal(ReadsSomething reading) {
    var refused = catchThrowableOfType(RegistryException.class, reading::read);
    faulty.toldNoSecret(refused);
    return refused;
  }

  /** Something that is read. */
  interface ReadsSomething {
    void read() throws IOException;
  }

  @Test
  void aCutLayerGoesOnWhereItWasCut() throws IOException {
    faulty.proxy().on(BLOBS, new Fault.CutAnswer(1_000_000), new Fault.CutAnswer(300_000));

    assertThat(layer()).isEqualTo(BYTES);

    assertThat(faulty.proxy().asked(BLOBS).subList(1, 3))
        .allSatisfy(asked -> assertThat(asked.range()).matches("bytes=[1-9]\\d*-"));
    assertThat(faulty.notes(Journal.Level.WARN))
        .hasSize(2)
        .allSatisfy(note ->
            assertThat(note)
                .contains("is tried again", faulty.host(), "app", blob(BYTES).digest().toString()));
  }

  @Test
  void aLayerThatIsCutAgainAndAgainIsGivenUp() {
    faulty.proxy().always(BLOBS, new Fault.CutAnswer(10));

    assertThat(refusal(this::layer).failure().message())
        .contains("cannot read " + blob(BYTES).digest(), faulty.host() + "/app", "broke");
    assertThat(faulty.proxy().asked(BLOBS)).hasSizeLessThan(20);
  }

  @Test
  void aRegistryThatAsksForPatienceGetsIt() throws IOException {
    faulty.proxy().on(BLOBS, Fault.pass(), Fault.reply(429, "Retry-After", "0"));
    faulty.proxy().on(MANIFESTS, Fault.pass(), Fault.reply(429, "Retry-After", "0"));

    assertThat(faulty.pull().manifest("app", "1")).isPresent();
    assertThat(faulty.pull().manifest("app", "1")).isPresent();
    assertThat(layer()).isEqualTo(BYTES);
    assertThat(layer()).isEqualTo(BYTES);
    assertThat(faulty.notes(Journal.Level.WARN)).hasSize(2);
  }

  @Test
  void aRegistryThatIsIllForAWhileIsWaitedFor() throws IOException {
    faulty
        .proxy()
        .on(MANIFESTS, Fault.reply(500), Fault.reply(502), Fault.reply(503))
        .on(BLOBS, Fault.reply(504), Fault.reply(500), Fault.reply(408));

    assertThat(faulty.pull().manifest("app", "1")).isPresent();
    assertThat(layer()).isEqualTo(BYTES);
  }

  @Test
  void aRegistryThatStaysIllIsNamedWithItsAnswer() {
    faulty.proxy().always(BLOBS, Fault.replyWith(500, "{\"errors\":[{\"code\":\"DISK\"}]}"));

    var refused = refusal(this::layer);

    assertThat(refused.failure().message())
        .contains(faulty.host() + "/app", blob(BYTES).digest().toString(), "500", "DISK");
    assertThat(refused.failure().advice()).isNotEmpty();
    assertThat(faulty.proxy().asked(BLOBS)).hasSize(4);
  }

  @Test
  void aRegistryThatDoesNotAnswerIsGivenUp() {
    faulty.proxy().always(MANIFESTS, new Fault.NoAnswer());

    assertThat(refusal(() -> faulty.pull().manifest("app", "1")).failure().message())
        .contains(faulty.host() + "/app:1", "no answer in time (no progress for 1 s)");
    assertThat(faulty.proxy().asked(MANIFESTS)).hasSize(4);
  }

  @Test
  void aLayerThatStopsComingIsAskedForAgain() throws IOException {
    faulty.proxy().on(BLOBS, Fault.pass(), new Fault.StallAnswer(1_000_000));
    assertThat(layer()).isEqualTo(BYTES);

    assertThat(layer()).isEqualTo(BYTES);

    assertThat(faulty.notes(Journal.Level.WARN).getFirst()).contains("no data for 1 s");
  }

  @Test
  void aLayerWithOtherBytesIsNotBelieved() {
    faulty
        .proxy()
        .always(
            BLOBS,
            new Fault.ChangeBody(bytes -> {
              var changed = bytes.clone();
              changed[bytes.length / 2] ^= 1;
              return changed;
            }));

    assertThatThrownBy(this::layer)
        .isInstanceOf(DigestMismatchException.class)
        .hasMessageContaining(blob(BYTES).digest() + " from " + faulty.host() + "/app");
  }

  @Test
  void aManifestThatWasCutOrPaddedIsNotBelieved() {
    for (var length : new int[] {10, 5 << 20}) {
      faulty.proxy().heal();
      faulty.proxy().always(MANIFESTS, new Fault.ChangeBody(bytes -> Arrays.copyOf(bytes, length)));

      for (var reference : List.of("1", image.toString())) {
        assertThat(refusal(() -> faulty.pull().manifest("app", reference)).failure().message())
            .contains("cannot read the manifest of " + faulty.host() + "/app")
            .containsAnyOf("no manifest", "4 MiB", "has the digest sha256:");
      }
    }
  }

  @Test
  void aWebPageIsCalledOne() {
    var page = Fault.replyWith(200, "<html>log in", "Content-Type", "text/html; charset=utf-8");
    faulty.proxy().always("GET /v2/app/.*", page);

    for (var refused :
        List.of(
            refusal(() -> faulty.pull().manifest("app", "1")),
            refusal(() -> faulty.pull().tagNames("app")),
            refusal(this::layer))) {
      assertThat(refused.failure().message()).contains("a web page");
      assertThat(refused.failure().advice()).contains(faulty.host(), "login page");
    }
  }

  @Test
  void anotherHostGetsNoAuthorization() throws IOException {
    try (var storage = RealRegistry.plain(folder.resolve("storage"));
        var elsewhere = new BehindFaults(storage.host(), 0, Optional.empty())) {
      // given
      elsewhere.pushed("app", BYTES);
      var before = elsewhere.proxy().asked().size();
      var there = "http://" + elsewhere.host() + "/v2/app/blobs/" + blob(BYTES).digest();
      faulty.proxy().on(BLOBS, Fault.pass());
      layer();
      faulty.proxy().always(BLOBS, Fault.reply(307, "Location", there + "?signature=s3cret"));

      // when
      assertThat(layer()).isEqualTo(BYTES);

      // then
      assertThat(elsewhere.proxy().asked().subList(before, before + 1))
          .allSatisfy(asked -> assertThat(asked.authorization()).isEmpty());
      assertThat(faulty.notes(Journal.Level.DEBUG))
          .anySatisfy(note -> assertThat(note).contains(there + "?signature=...", "status=200"))
          .noneSatisfy(note -> assertThat(note).contains("s3cret"));
    }
  }

  @Test
  void redirectsWithoutEndEnd() {
    faulty.proxy().always(BLOBS, Fault.reply(307, "Location", "/v2/app/blobs/" + image));

    assertThat(refusal(this::layer).failure().message()).contains("redirects without end");
  }

  @Test
  void everyRequestIsNotedForThoseWhoWantToKnow() throws IOException {
    faulty.pull().manifest("app", "1");

    assertThat(faulty.notes(Journal.Level.DEBUG))
        .anySatisfy(note ->
            assertThat(note)
                .contains(
                    "method=GET",
                    "url=http://" + faulty.host() + "/v2/app/manifests/1",
                    "status=200",
                    "ms="));
  }

  @Test
  void aRegistryThatHasAnsweredIsAskedAgainWhenItIsGone() throws IOException {
    // given
    assertThat(faulty.pull().manifest("app", "no-such-tag")).isEmpty();

    // when
    faulty.proxy().close();

    // then
    assertThatThrownBy(() -> faulty.pull().manifest("app", "1"))
        .hasMessageContaining("the connection was refused");
    assertThat(faulty.notes(Journal.Level.WARN)).hasSize(3);
  }

  @Test
  void nobodyIsAskedAgainWhereNobodyListensUnlessTheUserSaysSo() throws IOException {
    // given
    for (var added : new int[] {0, 2}) {
      try (var gone = new BehindFaults("127.0.0.1:1", added, Optional.empty())) {
        gone.proxy().close();

        // then
        assertThatThrownBy(() -> gone.pull().manifest("app", "1"))
            .isInstanceOfSatisfying(
                RegistryException.class,
                down -> assertThat(down.failure().name()).isEqualTo("registry-unreachable"))
            .hasMessageContaining(gone.host() + "/app:1");
        assertThat(gone.notes(Journal.Level.WARN)).hasSize(added);
      }
    }
  }

  @Test
  void theListOfTagsIsReadPageByPage() throws IOException {
    // given
    var next = "</v2/app/tags/list?n=1&last=a>; rel=\"next\"";
    faulty
        .proxy()
        .on(
            "GET /v2/app/tags/list",
            Fault.replyWith(200, "{\"tags\":[\"a\"]}", "Link", next),
            Fault.reply(500));

    // then
    assertThat(faulty.pull().tagNames("app")).containsExactly("a", "1");
  }

  @Test
  void aListOfTagsWithAForeignNextPageGetsNoAuthorization() throws IOException {
    try (var other = new FaultProxy(real.host())) {
      faulty
          .proxy()
          .on(
              "GET /v2/app/tags/list",
              Fault.pass(),
              Fault.replyWith(
                  200,
                  "{\"tags\":[\"a\"]}",
                  "Link",
                  "<http://" + other.host() + "/v2/app/tags/list>; rel=\"next\""));
      assertThat(faulty.pull().tagNames("app")).containsExactly("1");

      assertThat(refusal(() -> faulty.pull().tagNames("app")).failure().name())
          .isEqualTo("registry-denied");

      assertThat(other.asked())
          .allSatisfy(asked -> assertThat(asked.authorization()).isEmpty())
          .isNotEmpty();
    }
  }

  @Test
  void anImageOfOurOwnIsStillThere() throws IOException {
    assertThat(faulty.pull().headManifest("app", "1").map(Descriptor::digest)).contains(image);
    assertThat(content(BYTES).open().readAllBytes()).isEqualTo(layer());
  }
}
