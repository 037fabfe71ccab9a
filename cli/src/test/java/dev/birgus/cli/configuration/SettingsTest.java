package dev.birgus.cli.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.cli.configuration.ServeSettings.Role;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.Platform;
import dev.birgus.planner.flow.DeskSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {

  private static final Path PAGE = Path.of("../docs/configuration.md");
  private static final String COMMAND =
      "./mvnw -pl cli -am test -Dtest=SettingsTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dbirgus.docs=write";

  @TempDir private Path folder;

  private ServeSettings read(Map<String, String> environment, String... words) {
    return SettingsReader.read(
        ServeArguments.read(List.of(words)).configuration(environment, folder), facts(environment));
  }

  private MachineFacts facts(Map<String, String> environment) {
    return new MachineFacts(
        environment, folder, Platform.parse("linux/amd64"), "host", "/var/lib/birgus", 4, 8L << 30);
  }

  private String file(String... lines) throws IOException {
    return Files.write(folder.resolve("birgus.conf"), List.of(lines)).toString();
  }

  @Test
  void thePageOfSettingsSaysWhatTheTableSays() throws IOException {
    // given
    var page = ConfigurationPage.markdown();
    if ("write".equals(System.getProperty("birgus.docs"))) {
      Files.writeString(PAGE, page);
    }

    // then
    assertThat(PAGE)
        .as("docs/configuration.md is not what the table says; make it anew with %s", COMMAND)
        .exists()
        .hasContent(page);
  }

  @Test
  void aStageTakesNoMoreNodesDownThanExecutorsBeginWithIt() {
    assertThat(read(Map.of(), "--stage-attempts=7").builds().attempts()).isEqualTo(7);
    assertThatThrownBy(() -> read(Map.of(), "--stage-attempts=8"))
        .hasMessageContaining("stage.attempts");
  }

  @Test
  void howManyStagesWaitAndAreRememberedCanBeSaid() {
    var usual = read(Map.of()).builds();
    var said = read(Map.of(), "--stage-queue=50000", "--stage-results=0").builds();

    assertThat(usual.queue()).isEqualTo(DeskSettings.DEFAULT.mostOrders());
    assertThat(usual.results()).isEqualTo(DeskSettings.DEFAULT.mostResults());
    assertThat(usual.attempts()).isEqualTo(DeskSettings.DEFAULT.mostStarts());
    assertThat(said.queue()).isEqualTo(50_000);
    assertThat(said.results()).isZero();
    for (var wrong : List.of("--stage-queue=0", "--stage-queue=100001", "--stage-results=-1")) {
      assertThatThrownBy(() -> read(Map.of(), wrong)).hasMessageContaining("stage.");
    }
  }

  @Test
  void everySettingIsInTheHelpTextAndHasNamesOfItsOwn() {
    // given
    var flags = new HashSet<String>();
    var variables = new HashSet<String>();

    // then
    assertThat(SettingsTable.all())
        .allSatisfy(setting -> {
          assertThat(ConfigurationPage.help()).contains("--" + setting.flag() + " ");
          assertThat(flags.add(setting.flag())).isTrue();
          assertThat(variables.add(setting.variable())).isTrue();
        });
  }

  @Test
  void nothingSaidGivesEveryDefault() {
    // when
    var settings = read(Map.of());

    // then
    assertThat(settings.process().roles()).containsExactlyInAnyOrder(Role.values());
    assertThat(settings.process().name()).isEqualTo("host");
    assertThat(settings.process().grace()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.state().directory()).isEqualTo(Path.of("/var/lib/birgus"));
    assertThat(settings.state().limit()).isEmpty();
    assertThat(settings.bus().isEmbedded()).isTrue();
    assertThat(settings.bus().prefix()).isEqualTo("birgus.");
    assertThat(settings.bus().broker().advertised()).isEqualTo("127.0.0.1");
    assertThat(settings.node().slots()).isEqualTo(4);
    assertThat(settings.api().listen()).hasToString("127.0.0.1:8180");
    assertThat(settings.health()).hasToString("127.0.0.1:8181");
    assertThat(settings.builds().entitlements()).isEmpty();
  }

  @Test
  void buildsOfAPlatformHaveTheirPool() {
    assertThat(read(Map.of(), "--build-pools=linux/aarch64=arm,linux/arm=old").builds().pools())
        .containsOnly(
            Map.entry(Platform.parse("linux/arm64"), "arm"),
            Map.entry(Platform.parse("linux/arm/v7"), "old"));
    for (var wrong : List.of("linux/arm64", "linux/arm64=", "arm64=arm", "linux/arm64=a b")) {
      assertThatThrownBy(() -> read(Map.of(), "--build-pools=" + wrong))
          .hasMessageContaining("build.pools");
    }
  }

  @Test
  void aFlagWinsOverAVariableAndAVariableOverTheFile() throws IOException {
    // given
    var file = file("# ours", "", "pushes = 3", "slots=3", "kafka.prefix = file.");
    var environment = Map.of("BIRGUS_PUSHES", "5", "BIRGUS_SLOTS", "5", "BIRGUS_GRACE", "");

    // when
    var settings = read(environment, "--config", file, "--pushes=7");

    // then
    assertThat(settings.pushes()).isEqualTo(7);
    assertThat(settings.node().slots()).isEqualTo(5);
    assertThat(settings.bus().prefix()).isEqualTo("file.");
  }

  @Test
  void aNameThatIsNotKnownIsRefusedWithFileAndLine() throws IOException {
    // given
    var file = file("slots = 1", "kafka.prefx = a");

    // then
    assertThatThrownBy(() -> read(Map.of(), "--config=" + file))
        .isInstanceOf(FailureException.class)
        .hasMessage(file + ", line 2: there is no setting kafka.prefx");
    assertThatThrownBy(() -> read(Map.of(), "--slotz", "1"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("there is no setting --slotz");
  }

  @Test
  void aLineThatIsNoneIsNotShown() throws IOException {
    // given
    var file = file("hunter2");

    // then
    assertThatThrownBy(() -> read(Map.of(), "--config=" + file))
        .isInstanceOf(FailureException.class)
        .hasMessage(file + ", line 1 is not of the form name = value");
  }

  @Test
  void aValueThatDoesNotFitIsRefusedWithWhoSaidIt() {
    assertThatThrownBy(() -> read(Map.of("BIRGUS_SLOTS", "many")))
        .isInstanceOf(FailureException.class)
        .hasMessage("BIRGUS_SLOTS: slots = many: write a number");
    assertThatThrownBy(() -> read(Map.of(), "--roles=cook", "--kafka=a:1"))
        .hasMessageContaining("roles = cook");
    assertThatThrownBy(() -> read(Map.of(), "--roles=planner"))
        .hasMessageContaining("has nobody else to do the rest");
    assertThatThrownBy(() -> read(Map.of(), "--api-listen=8180")).hasMessageContaining("HOST:PORT");
    assertThatThrownBy(() -> read(Map.of(), "--api-key=k.pem")).hasMessageContaining("together");
    assertThatThrownBy(() -> read(Map.of(), "--kafka-lease=5s")).hasMessageContaining("15s");
  }

  @Test
  void theLimitOfTheStateFolderCanBeLeftOut() {
    assertThat(read(Map.of(), "--state-limit=none").state().limit())
        .isEqualTo(OptionalLong.of(Long.MAX_VALUE));
    assertThat(read(Map.of(), "--state-limit=2GiB").state().limit())
        .isEqualTo(OptionalLong.of(2L << 30));
  }

  @Test
  void thereAreNoMoreSlotsThanMemory() {
    assertThat(read(Map.of(), "--slot-memory=3GiB").node().slots()).isEqualTo(2);
    assertThat(read(Map.of(), "--slot-memory=3GiB", "--slots=1").node().slots()).isEqualTo(1);
    assertThat(read(Map.of(), "--slot-memory=none", "--slots=64").node().slots()).isEqualTo(64);
    assertThatThrownBy(() -> read(Map.of(), "--slot-memory=3GiB", "--slots=3"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("3 slots were asked for")
        .hasMessageContaining("1 to 2");
    assertThatThrownBy(() -> read(Map.of(), "--slot-memory=0"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("slot.memory = 0");
  }

  @Test
  void propertiesOfKafkasClientsArePassedThrough() throws IOException {
    // given
    var password = Files.writeString(folder.resolve("password"), "open sesame\n");
    var file =
        file(
            "kafka = b1:9093,b2:9093",
            "kafka.client.security.protocol = SASL_SSL",
            "kafka.client.sasl.jaas.config = Module required username=\"u\" password=\"${file:"
                + password
                + "}\";");
    var environment =
        Map.of("BIRGUS_KAFKA_CLIENT_SSL_TRUSTSTORE_TYPE", "PEM", "KEYS", "the keys' password");

    // when
    var settings =
        read(
            environment, "--config=" + file, "--kafka-client", "ssl.keystore.password=${env:KEYS}");

    // then
    assertThat(settings.bus().bootstrap()).isEqualTo("b1:9093,b2:9093");
    assertThat(settings.bus().client())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("ssl.truststore.type", "PEM")
        .containsEntry("ssl.keystore.password", "the keys' password")
        .containsEntry(
            "sasl.jaas.config", "Module required username=\"u\" password=\"open sesame\";");
    assertThat(settings.toString()).doesNotContain("sesame").doesNotContain("keys' password");
  }

  @Test
  void aSecretThatStandsThereItselfIsRefusedAndNotShown() {
    assertThatThrownBy(() -> read(Map.of(), "--kafka-client=ssl.key.password=hunter2"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("kafka.client.ssl.key.password is a secret itself")
        .hasMessageNotContaining("hunter2");
    assertThatThrownBy(() ->
            read(
                Map.of(
                    "BIRGUS_KAFKA_CLIENT_SASL_JAAS_CONFIG",
                    "Module required password=\"hunter2\";")))
        .isInstanceOf(FailureException.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aConfigurationOfJaasWithoutAPasswordIsTaken() {
    assertThat(
            read(Map.of(), "--kafka-client=sasl.jaas.config=a.b.IAMLoginModule required;")
                .bus()
                .client())
        .containsEntry("sasl.jaas.config", "a.b.IAMLoginModule required;");
  }

  @Test
  void whatIsPrintedSaysWhoSaidItAndHidesSecrets() {
    // when
    var printed =
        ServeArguments.read(
                List.of("--print-config", "--slots=9", "--kafka-client=ssl.key.password=hunter2"))
            .configuration(Map.of("BIRGUS_PUSHES", "4"), folder)
            .print();

    // then
    assertThat(printed)
        .contains("# the command line\nslots = 9\n")
        .contains("# BIRGUS_PUSHES\npushes = 4\n")
        .contains("# default\nkafka.prefix = birgus.\n")
        .contains("kafka.client.ssl.key.password = (hidden)\n")
        .doesNotContain("hunter2");
  }

  @Test
  void registriesAreSpokenToAsAnywhereElse() {
    // when
    var settings =
        read(Map.of(), "--registry-insecure=a:5000, b:5000", "--registry-certificates=c=/ca.pem");

    // then
    assertThat(settings.registries().insecureRegistries()).containsExactly("a:5000", "b:5000");
    assertThat(settings.registries().certificates()).containsEntry("c", "/ca.pem");
  }
}
