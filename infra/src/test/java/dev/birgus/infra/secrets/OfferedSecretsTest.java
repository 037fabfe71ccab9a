package dev.birgus.infra.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Grants.AgentSource;
import dev.birgus.infra.contracts.Grants.SecretSource.InEnvironment;
import dev.birgus.infra.contracts.Grants.SecretSource.InFile;
import dev.birgus.infra.secrets.OfferedSecrets.Offer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OfferedSecretsTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("TOKEN", "of builds", "PASSWORD", "of the node");

  @TempDir private Path folder;
  private Path offered = Path.of("");
  private OfferedSecrets secrets = new OfferedSecrets(Offer.NOTHING, ENVIRONMENT);

  @BeforeEach
  void offer() throws IOException {
    offered = Files.createDirectory(folder.resolve("offered"));
    Files.writeString(offered.resolve("key"), "of builds");
    Files.writeString(folder.resolve("other"), "of the node");
    var offer = new Offer(Optional.of(offered), Set.of("TOKEN", "UNSET"));
    secrets = new OfferedSecrets(offer, ENVIRONMENT);
  }

  private static void assertRefused(ThrowingCallable read) {
    assertThatExceptionOfType(FailureException.class)
        .isThrownBy(read)
        .satisfies(refused -> {
          assertThat(refused.failure().name()).isEqualTo("secret-not-offered");
          assertThat(refused.failure().message()).doesNotContain("of the node");
        });
  }

  @Test
  void filesOfTheDirectoryAreReadByEitherName() {
    assertThat(secrets.read(new InFile("key"))).asString().isEqualTo("of builds");
    assertThat(secrets.read(new InFile(offered.resolve("key").toString())))
        .asString()
        .isEqualTo("of builds");
  }

  @Test
  void linksInsideTheDirectoryAreFollowed() throws IOException {
    Files.createSymbolicLink(offered.resolve("link"), Path.of("key"));

    assertThat(secrets.read(new InFile("link"))).asString().isEqualTo("of builds");
  }

  @Test
  void nothingOutsideIsRead() throws IOException {
    Files.createSymbolicLink(offered.resolve("out"), folder.resolve("other"));

    assertRefused(() -> secrets.read(new InFile("out")));
    assertRefused(() -> secrets.read(new InFile("../other")));
    assertRefused(() -> secrets.read(new InFile(folder.resolve("other").toString())));
    assertRefused(() -> secrets.read(new InFile("missing")));
    assertRefused(() -> secrets.read(new InFile("")));
  }

  @Test
  void onlyListedVariablesThatAreSetAreRead() {
    assertThat(secrets.read(new InEnvironment("TOKEN"))).asString().isEqualTo("of builds");
    assertRefused(() -> secrets.read(new InEnvironment("PASSWORD")));
    assertRefused(() -> secrets.read(new InEnvironment("UNSET")));
  }

  @Test
  void socketsAreLookedForInTheDirectory() throws IOException {
    Files.writeString(offered.resolve("agent"), "");

    assertThat(secrets.agent(new AgentSource("agent")))
        .isEqualTo(offered.toRealPath().resolve("agent"));
    assertRefused(() -> secrets.agent(new AgentSource(folder.resolve("other").toString())));
  }

  @Test
  void whoOffersNothingGivesNothing() {
    var nothing = new OfferedSecrets(Offer.NOTHING, ENVIRONMENT);

    assertRefused(() -> nothing.read(new InFile(offered.resolve("key").toString())));
    assertRefused(() -> nothing.read(new InEnvironment("TOKEN")));
  }
}
