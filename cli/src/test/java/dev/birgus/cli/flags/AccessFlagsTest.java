package dev.birgus.cli.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Grants.AgentSource;
import dev.birgus.infra.contracts.Grants.Entitlement;
import dev.birgus.infra.contracts.Grants.SecretSource;
import dev.birgus.infra.contracts.Grants.SecretSource.InEnvironment;
import dev.birgus.infra.contracts.Grants.SecretSource.InFile;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessFlagsTest {

  private static BuildCommand.Access read(String... words) {
    var flags = FlagParser.parse(List.of(words)).flags();
    return new AccessFlags(flags, Map.of("TOKEN", "value", "SSH_AUTH_SOCK", "/agent")).read();
  }

  static Stream<Arguments> secrets() {
    return Stream.of(
        Arguments.of("id=a,src=file", new InFile("file")),
        Arguments.of("id=a,source=/file", new InFile("/file")),
        Arguments.of("type=file,id=a,src=file", new InFile("file")),
        Arguments.of("id=a,env=V", new InEnvironment("V")),
        Arguments.of("id=a,type=env,src=V", new InEnvironment("V")),
        Arguments.of("ID=TOKEN", new InEnvironment("TOKEN")),
        Arguments.of("id=TOKEN,type=file", new InFile("TOKEN")),
        Arguments.of("id=a", new InFile("a")),
        Arguments.of(
            "id=a,\"src=with,comma and \"\"quotes\"\"\"", new InFile("with,comma and \"quotes\"")));
  }

  @ParameterizedTest
  @MethodSource("secrets")
  void aSecretIsAFileOrAVariable(String value, SecretSource expected) {
    assertThat(read("--secret", value).secrets().values()).containsExactly(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hidden", "src=hidden", "id=a,value=hidden", "id=a,type=hidden", "id=a,hidden=x"})
  void aWrongSecretIsRefusedAndNotPrinted(String value) {
    assertThatThrownBy(() -> read("--secret=" + value))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("--secret")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void anAgentIsTheUsualOneOrASocket() {
    assertThat(read("--ssh", "default", "--ssh", "work=sockets/work").agents())
        .containsOnly(
            Map.entry("default", new AgentSource("/agent")),
            Map.entry("work", new AgentSource("sockets/work")));
    assertThatThrownBy(() -> read("--ssh", "a=key1,key2"))
        .hasMessageContaining("key files are not supported yet");
  }

  @Test
  void whatIsAllowedIsNamed() {
    assertThat(read("--allow", "security.insecure", "--allow=network.host").entitlements())
        .containsExactlyInAnyOrder(Entitlement.INSECURE_SECURITY, Entitlement.HOST_NETWORK);
    assertThatThrownBy(() -> read("--allow=everything")).hasMessageContaining("security.insecure");
    assertThat(read().entitlements()).isEmpty();
  }
}
