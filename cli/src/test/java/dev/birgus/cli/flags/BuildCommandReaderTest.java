package dev.birgus.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.LayerCompression;
import dev.birgus.infra.contracts.LayerCompression.Codec;
import dev.birgus.infra.credentials.BuiltInSource;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.registry.PullRoutes;
import dev.birgus.infra.registry.PullRoutes.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BuildCommandReaderTest {

  private static final Platform MACHINE = Platform.of("linux", "amd64");

  @Test
  void defaultsAreKanikos() {
    // when
    var command = read("--no-push");

    // then
    assertThat(command.source().dockerfile()).isEqualTo("Dockerfile");
    assertThat(command.source().context()).isEqualTo("/workspace/");
    assertThat(command.source().platform()).isEqualTo(MACHINE);
    assertThat(command.image().timestamp()).isEmpty();
    assertThat(command.image().compression()).isEqualTo(LayerCompression.DEFAULT);
    assertThat(command.output().push()).isFalse();
    assertThat(command.output().checkPush()).isFalse();
    assertThat(command.stateDirectory()).isEqualTo("/state");
    assertThat(command.display().verbosity()).isEqualTo(Display.Verbosity.INFO);
    assertThat(command.warnings()).isEmpty();
  }

  @Test
  void theLineThatBuildkiteRunsIsUnderstood() {
    // when
    var command =
        read("--dockerfile=/workspace/src/Dockerfile --no-push --tarPath /workspace/image.tar");

    // then
    assertThat(command.source().dockerfile()).isEqualTo("/workspace/src/Dockerfile");
    assertThat(command.output().tarPath()).contains("/workspace/image.tar");
    assertThat(command.warnings()).containsExactly("Flag --tarPath is deprecated. Use: --tar-path");
  }

  @Test
  void destinationsKeepWhatWasWritten() {
    // when
    var output = read("-d foo -d localhost:5000/a/b:c").output();

    // then
    assertThat(output.push()).isTrue();
    assertThat(output.checkPush()).isTrue();
    assertThat(output.destinations())
        .extracting(BuildCommand.Destination::written)
        .containsExactly("foo", "localhost:5000/a/b:c");
    assertThat(output.destinations().getFirst().reference().repositoryName())
        .isEqualTo("index.docker.io/library/foo");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--target=a | you must provide --destination, or use --no-push",
        "--no-push --image-name-with-digest-file=f"
            + " | you must provide --destination if setting ImageNameDigestFile",
        "--no-push --image-name-tag-with-digest-file=f"
            + " | you must provide --destination if setting ImageNameTagDigestFile",
        "--no-push --context= | --context is empty",
        "--no-push --custom-platform=arm | invalid argument \"arm\" for \"--custom-platform\""
            + " flag: write os/architecture[/variant]",
        "--no-push --compression-level=10 | invalid argument \"10\" for \"--compression-level\""
            + " flag: write 1 to 9, or -1 for the default",
        "--no-push --compression=zstd --compression-level=20 | invalid argument \"20\" for"
            + " \"--compression-level\" flag: write 1 to 19, or -1 for the default",
        "--no-push --gzip-engine=isal --compression-level=4 | invalid argument \"4\" for"
            + " \"--compression-level\" flag: write 1 to 3, or -1 for the default",
        "--no-push --compression=zstd --gzip-engine=isal | --compression=zstd cannot be combined"
            + " with --gzip-engine: that is for gzip",
        "--no-push --compression=zstd --tar-path=t | --compression=zstd cannot be combined with"
            + " --tar-path: docker's types of images have no zstd layers",
        "--no-push --push-retry=-1"
            + " | invalid argument \"-1\" for \"--push-retry\" flag: write 0 or more",
        "--no-push --label=x | invalid argument \"x\" for \"--label\" flag: write key=value",
        "--no-push --build-arg==x"
            + " | invalid argument \"=x\" for \"--build-arg\" flag: write KEY=VALUE, or KEY",
        "--no-push --registry-client-cert=h=/a | invalid argument \"h=/a\" for"
            + " \"--registry-client-cert\" flag: write HOST=/certificate.pem,/key.pem",
      })
  void mistakesAreNamed(String words, String message) {
    assertThat(refusal(words, Map.of())).hasMessage(message);
  }

  @Test
  void aBadDestinationIsNamed() {
    assertThat(refusal("-d Foo", Map.of()))
        .hasMessageStartingWith("invalid argument \"Foo\" for \"--destination\" flag");
  }

  @Test
  void anArgumentWithoutAValueIsTakenFromTheEnvironment() {
    // when
    var command = read("--no-push --build-arg=A=1 --build-arg=B --build-arg=C", Map.of("B", "2"));

    // then
    assertThat(command.source().arguments())
        .containsExactly(entry("A", "1"), entry("B", "2"), entry("C", ""));
  }

  @Test
  void kanikoNoPushOverridesTheFlag() {
    assertThat(read("--target=x", Map.of("KANIKO_NO_PUSH", "1")).output().push()).isFalse();
    assertThat(read("-d a --no-push", Map.of("KANIKO_NO_PUSH", "false")).output().push()).isTrue();
  }

  @Test
  void kanikoNoPushMustBeTrueOrFalse() {
    assertThat(refusal("--no-push", Map.of("KANIKO_NO_PUSH", "yes")))
        .hasMessage("KANIKO_NO_PUSH=yes is neither true nor false");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BENCHMARK_FILE=/f",
        "GGCR_EXPERIMENT_ESTARGZ=1",
        "KANIKO_PRINT_PLAN=1",
      })
  void variablesThatCannotBeHonouredAreRefused(String variable) {
    // given
    var name = variable.substring(0, variable.indexOf('='));
    var value = variable.substring(variable.indexOf('=') + 1);

    // then
    assertThat(refusal("--no-push", Map.of(name, value)))
        .hasMessage("the environment variable " + variable + " is not supported yet");
  }

  @Test
  void variablesOfOthersAreNoReasonToStop() {
    read("--no-push", Map.of("AWS_REGION", "x", "BENCHMARK_FILE", "false", "KANIKO_DIR", "/k"));
  }

  @Test
  void aReproducibleBuildIsOfTheEpoch() {
    assertThat(read("--no-push --reproducible").image().timestamp()).contains(Instant.EPOCH);
  }

  @Test
  void sourceDateEpochIsTheTimeOfABuild() {
    // given
    var environment = Map.of("SOURCE_DATE_EPOCH", "1000");

    // then
    assertThat(read("--no-push --reproducible", environment).image().timestamp())
        .contains(Instant.ofEpochSecond(1000));
    assertThat(read("--no-push --build-arg=SOURCE_DATE_EPOCH=5", environment).image().timestamp())
        .contains(Instant.ofEpochSecond(5));
    assertThat(refusal("--no-push", Map.of("SOURCE_DATE_EPOCH", "now")))
        .hasMessage("SOURCE_DATE_EPOCH=now is not a number of seconds since 1970");
  }

  @Test
  void sourceDateEpochIsAnArgumentOfTheBuildToo() {
    var environment = Map.of("SOURCE_DATE_EPOCH", "1000");

    assertThat(read("--no-push", environment).source().arguments())
        .containsEntry("SOURCE_DATE_EPOCH", "1000");
    assertThat(read("--no-push --build-arg=SOURCE_DATE_EPOCH=5", environment).source().arguments())
        .containsEntry("SOURCE_DATE_EPOCH", "5");
    assertThat(read("--no-push --build-arg=SOURCE_DATE_EPOCH=context").image().timestamp())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"-1,", "0,", "1,1", "9,9"})
  void levelsBelowOneAreTheDefault(int level, Integer expected) {
    assertThat(read("--no-push --compression-level=" + level).image().compression())
        .isEqualTo(new LayerCompression(Codec.GZIP, Optional.ofNullable(expected)));
  }

  @Test
  void zstdHasMoreLevels() {
    assertThat(read("--no-push --compression=zstd --compression-level=19").image().compression())
        .isEqualTo(new LayerCompression(Codec.ZSTD, Optional.of(19)));
  }

  @Test
  void theEngineOfGzipIsTakenFromTheEnvironmentToo() {
    var isal = Map.of("BIRGUS_GZIP_ENGINE", "isal");

    assertThat(read("--no-push", isal).image().compression().codec()).isEqualTo(Codec.GZIP_ISAL);
    assertThat(read("--no-push --gzip-engine=jdk", isal).image().compression().codec())
        .isEqualTo(Codec.GZIP);
    assertThat(read("--no-push --compression=zstd", isal).image().compression().codec())
        .isEqualTo(Codec.ZSTD);
    assertThat(refusal("--no-push", Map.of("BIRGUS_GZIP_ENGINE", "pigz")))
        .hasMessage("BIRGUS_GZIP_ENGINE=pigz is not an engine for gzip");
  }

  @Test
  void everythingAboutRegistriesIsPassedOn() {
    // when
    var registries =
        read(
                "--no-push --insecure --insecure-pull=false --insecure-registry=a:1"
                    + " --skip-tls-verify-registry=b --registry-certificate=c=/ca.pem"
                    + " --registry-client-cert=d=/c.pem,/k.pem --push-retry=3"
                    + " --image-download-retry=4 --kaniko-dir=/srv/kaniko",
                Map.of("UPSTREAM_CLIENT_TYPE", "ci"))
            .registries();

    // then
    assertThat(registries)
        .isEqualTo(
            new BuildCommand.RegistryAccess(
                true,
                false,
                List.of("a:1"),
                false,
                false,
                List.of("b"),
                Map.of("c", "/ca.pem"),
                Map.of("d", new BuildCommand.ClientCertificate("/c.pem", "/k.pem")),
                3,
                4,
                "ci",
                PullRoutes.DIRECT,
                List.of(BuiltInSource.values()),
                Optional.of("/srv/kaniko")));
  }

  @Test
  void registriesToPullFromAreThoseOfTheMapThenTheMirrorsEachWithItsVariable() {
    // when
    var routes =
        read(
                "--no-push --registry-mirror=m1.test --registry-map=docker.io=a.test;r.test=b.test/p"
                    + " --registry-mirror= --registry-map=r.test=c:5000"
                    + " --skip-default-registry-fallback",
                Map.of("KANIKO_REGISTRY_MAP", "r.test=d.test", "KANIKO_REGISTRY_MIRROR", "m2"))
            .registries()
            .routes();

    // then
    assertThat(routes.fallback()).isFalse();
    assertThat(routes.targets())
        .containsExactly(
            Map.entry(
                "index.docker.io",
                List.of(new Target("a.test", ""), new Target("m1.test", ""), new Target("m2", ""))),
            Map.entry(
                "r.test",
                List.of(
                    new Target("b.test", "p"),
                    new Target("c:5000", ""),
                    new Target("d.test", ""))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--registry-map=r.test",
        "--registry-map=a=b;",
        "--registry-map==b",
        "--registry-map=a=http://b",
        "--registry-mirror=https://m.test",
        "--credential-helpers=aws"
      })
  void whatIsNoRegistryOrSourceIsRefusedWithItsValue(String word) {
    assertThat(refusal("--no-push " + word, Map.of()))
        .hasMessageStartingWith(
            "invalid argument \"" + word.substring(word.indexOf('=') + 1) + "\" for \"--");
  }

  @Test
  void sourcesOfCredentialsAreThoseGivenInTheirOrder() {
    assertThat(
            read("--no-push --credential-helpers=gitlab --credential-helpers=env")
                .registries()
                .credentialSources())
        .containsExactly(BuiltInSource.GITLAB, BuiltInSource.ENV);
    assertThat(read("--no-push --credential-helpers=").registries().credentialSources()).isEmpty();
  }

  @Test
  void theStateDirectoryIsOfTheFlagThenOfTheEnvironment() {
    // given
    var environment = Map.of("BIRGUS_STATE_DIR", "/e");

    // then
    assertThat(read("--no-push --state-dir=/f", environment).stateDirectory()).isEqualTo("/f");
    assertThat(read("--no-push", environment).stateDirectory()).isEqualTo("/e");
  }

  @Test
  void aBuildThatIsOnlyLookedAtNeedsNoDestination() {
    // given
    var flags = FlagParser.parse(List.of("--context=/c")).flags();

    // when
    var checked = BuildCommandReader.read(flags, Map.of(), MACHINE, "/state", Purpose.CHECK);
    var planned = BuildCommandReader.read(flags, Map.of(), MACHINE, "/state", Purpose.DRY_RUN);

    // then
    assertThat(checked.output().destinations()).isEmpty();
    assertThat(planned.output().destinations()).isEmpty();
  }

  @Test
  void labelsOfTheDockerfileWinIfKanikosWayIsAskedFor() {
    assertThat(read("--no-push").image().dockerfileLabelsWin()).isFalse();
    assertThat(read("--no-push --kaniko-compat").image().dockerfileLabelsWin()).isTrue();
  }

  private static BuildCommand read(String words) {
    return read(words, Map.of());
  }

  private static BuildCommand read(String words, Map<String, String> environment) {
    var flags = FlagParser.parse(List.of(words.split(" "))).flags();
    return BuildCommandReader.read(flags, environment, MACHINE, "/state");
  }

  private static FailureException refusal(String words, Map<String, String> environment) {
    return catchThrowableOfType(FailureException.class, () -> read(words, environment));
  }

  @Test
  void stagesAreNamedOnceForEachOrWithCommas() {
    // when
    var source =
        read("--no-push --target=a,b --target c --target=a --target= --no-cache-filter=x,y")
            .source();

    // then
    assertThat(source.targets()).containsExactly("a", "b", "c");
    assertThat(source.uncached()).containsExactly("x", "y");
    assertThat(read("--no-push --target=").source().targets()).isEmpty();
    assertThat(read("--no-push -f https://h/f").source().dockerfile()).isEqualTo("https://h/f");
    assertThat(read("--no-push -f -").source().dockerfile()).isEqualTo("-");
  }

  @Test
  void layersAreSentEarlyUnlessFlagOrVariableSayOtherwise() {
    assertThat(read("-d a").output().pushEarly()).isTrue();
    assertThat(read("-d a --push-early=false").output().pushEarly()).isFalse();
    var never = Map.of("BIRGUS_PUSH_EARLY", "false");
    assertThat(read("-d a", never).output().pushEarly()).isFalse();
    assertThat(read("-d a --push-early", never).output().pushEarly()).isTrue();
    assertThat(refusal("-d a", Map.of("BIRGUS_PUSH_EARLY", "soon")))
        .hasMessage("BIRGUS_PUSH_EARLY=soon is neither true nor false");
  }
}
