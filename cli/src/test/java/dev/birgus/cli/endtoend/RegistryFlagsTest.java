package dev.birgus.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.infra.testkit.Fault;
import dev.birgus.infra.testkit.FaultProxy;
import dev.birgus.infra.testkit.RealRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What kaniko's flags about registries do, each against a real one. */
@Timeout(300)
class RegistryFlagsTest {

  private static final String BUSY = "Retry-After";

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void aContext() throws IOException {
    Tool.needRoot();
    Tool.need("docker-registry", "openssl");
    Files.createDirectories(folder.resolve("context"));
    Files.writeString(folder.resolve("context/file"), "crab\n");
  }

  @AfterEach
  void end() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private RealRegistry opened(RealRegistry registry) {
    open.add(registry);
    return registry;
  }

  private BirgusProcess.Outcome run(String base, String... arguments)
      throws IOException, InterruptedException {
    Files.writeString(
        folder.resolve("context/Dockerfile"), "FROM " + base + "\nCOPY file /again\n");
    var all = new ArrayList<>(List.of("--context=context"));
    all.addAll(List.of(arguments));
    return new BirgusProcess(folder.resolve("state-" + System.nanoTime()), folder)
        .with("HOME", folder.toString())
        .run(all.toArray(String[]::new));
  }

  private BirgusProcess.Outcome push(String host, String... flags) throws Exception {
    var all = new ArrayList<>(List.of(flags));
    all.add("--destination=" + host + "/app:1");
    return run("scratch", all.toArray(String[]::new));
  }

  private BirgusProcess.Outcome pull(String host, String... flags) throws Exception {
    var all = new ArrayList<>(List.of(flags));
    all.add("--no-push");
    return run(host + "/app:1", all.toArray(String[]::new));
  }

  private static void works(BirgusProcess.Outcome outcome) {
    assertThat(outcome.exitCode()).as(outcome.all()).isZero();
  }

  private static void fails(BirgusProcess.Outcome outcome, String... words) {
    assertThat(outcome.exitCode()).as(outcome.all()).isEqualTo(1);
    assertThat(outcome.err()).contains(words);
  }

  @Test
  void plainHttpIsSpokenWhereItIsAllowed() throws Exception {
    // given: this machine by a name that does not say so
    var plain = opened(RealRegistry.plain(folder.resolve("registry")));
    var host = plain.host().replace("127.0.0.1", "0.0.0.0");

    // then
    fails(push(host), "does not speak TLS", "--insecure-registry=" + host);
    fails(push(host, "--insecure-pull"), "does not speak TLS");
    works(push(host, "--insecure"));
    works(push(host, "--insecure-registry=other.test", "--insecure-registry=" + host));
    fails(pull(host, "--insecure"), "does not speak TLS");
    works(pull(host, "--insecure-pull"));
    works(pull(host, "--insecure-registry=" + host));
  }

  @Test
  void certificatesAreNotLookedAtWhereTheUserSaysSo() throws Exception {
    // given
    var host = opened(RealRegistry.withTls(folder.resolve("registry"))).host();

    // then
    fails(push(host), "its certificate is not accepted", "--registry-certificate=" + host);
    fails(push(host, "--skip-tls-verify-pull"), "its certificate is not accepted");
    works(push(host, "--skip-tls-verify"));
    works(push(host, "--skip-tls-verify-registry=" + host));
    fails(pull(host, "--skip-tls-verify-registry=other.test"), "its certificate is not accepted");
    works(pull(host, "--skip-tls-verify"));
    works(pull(host, "--skip-tls-verify-pull"));
  }

  @Test
  void anAuthorityIsBelievedForItsRegistryAlone() throws Exception {
    // given
    var registry = opened(RealRegistry.withTls(folder.resolve("registry")));
    var host = registry.host();

    // then
    works(push(host, "--registry-certificate=" + host + "=" + registry.authority()));
    fails(
        push(host, "--registry-certificate=other.test=" + registry.authority()),
        "its certificate is not accepted");
    fails(
        push(host, "--registry-certificate=" + host + "=gone.pem"),
        folder.resolve("gone.pem").toString());
  }

  @Test
  void aRegistryThatAsksWhoWeAreIsShownACertificate() throws Exception {
    // given
    var registry = opened(RealRegistry.withClientCertificates(folder.resolve("registry")));
    var host = registry.host();
    var authority = "--registry-certificate=" + host + "=" + registry.authority();
    var shown = "registry/server.pem,registry/server.key";

    // then
    works(push(host, authority, "--registry-client-cert=" + host + "=" + shown));
    fails(push(host, authority), "does not accept who we are", "--registry-client-cert=" + host);
  }

  @Test
  void moreAttemptsAreMadeWhereTheUserWantsThem() throws Exception {
    // given: a registry that is busy more often than we try
    var plain = opened(RealRegistry.plain(folder.resolve("registry")));
    var busy = new FaultProxy(plain.host());
    open.add(busy);
    var five = new Fault[5];
    java.util.Arrays.fill(five, Fault.reply(429, BUSY, "0"));

    // then
    busy.on("PUT /v2/app/manifests/1", five);
    fails(push(busy.host()), "the registry answered 429");
    busy.heal();
    busy.on("PUT /v2/app/manifests/1", five);
    works(push(busy.host(), "--push-retry=2"));

    busy.on("GET /v2/app/manifests/1", five);
    fails(pull(busy.host(), "--push-retry=9"), "the registry answered 429");
    busy.heal();
    busy.on("GET /v2/app/manifests/1", five);
    works(pull(busy.host(), "--image-download-retry=2"));
  }

  @Test
  void permissionsAreNotLookedForWhereTheUserSaysSo() throws Exception {
    // given
    var plain = opened(RealRegistry.plain(folder.resolve("registry")));
    var proxy = new FaultProxy(plain.host());
    open.add(proxy);

    // when
    works(push(proxy.host(), "--skip-push-permission-check"));

    // then
    assertThat(proxy.asked("DELETE .*")).isEmpty();
  }

  @Test
  void anImmutableTagIsAFailureOrNoneAsTheUserSays() throws Exception {
    // given
    var plain = opened(RealRegistry.plain(folder.resolve("registry")));
    var proxy = new FaultProxy(plain.host());
    open.add(proxy);
    var refusal =
        "{\"errors\":[{\"code\":\"TAG_INVALID\",\"message\":\"The image tag '1' already exists and"
            + " cannot be overwritten because the tag is immutable.\"}]}";
    proxy.always("PUT /v2/app/manifests/1", Fault.replyWith(400, refusal));

    // then
    fails(push(proxy.host()), "cannot be overwritten", "--push-ignore-immutable-tag-errors");
    works(push(proxy.host(), "--push-ignore-immutable-tag-errors"));

    // and a tag that is where it should be needs no moving
    proxy.heal();
    works(push(proxy.host(), "--reproducible"));
    proxy.always("PUT /v2/app/manifests/1", Fault.replyWith(400, refusal));
    works(push(proxy.host(), "--reproducible"));
  }

  @Test
  void aDiskThatIsFullWhilePullingIsNamed() throws Exception {
    // given
    var registry = opened(RealRegistry.plain(folder.resolve("registry")));
    var bytes = new byte[12_000_000];
    new java.util.Random(1).nextBytes(bytes);
    Files.write(folder.resolve("context/file"), bytes);
    works(push(registry.host()));
    Files.writeString(folder.resolve("context/file"), "crab\n");
    Files.writeString(
        folder.resolve("context/Dockerfile"),
        "FROM " + registry.host() + "/app:1\nCOPY file /more\n");

    // when
    try (var disk = SmallDisk.mount(folder.resolve("disk"), 4)) {
      var outcome =
          new BirgusProcess(disk.path().resolve("state"), folder)
              .run("--context=context", "--tar-path=image.tar", "--no-push");

      // then
      fails(outcome, "no space is left for", "free some space");
      try (var files = Files.walk(disk.path().resolve("state/blobs"))) {
        assertThat(files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()))
            .allSatisfy(length -> assertThat(length).isLessThan(1_000_000L));
      }
      assertThat(folder.resolve("image.tar")).doesNotExist();
    }
  }
}
