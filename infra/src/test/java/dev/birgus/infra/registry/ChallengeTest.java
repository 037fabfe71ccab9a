package dev.birgus.infra.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChallengeTest {

  private static List<Challenge> parse(String... headers) {
    return Challenge.parse(List.of(headers));
  }

  @Test
  void quotedAndBareParametersAreRead() {
    assertThat(
            parse(
                "Bearer realm=\"https://auth.test/token\",service=registry.test,"
                    + " scope=\"repository:a/b:pull,push\""))
        .containsExactly(
            new Challenge(
                "bearer",
                Map.of(
                    "realm", "https://auth.test/token",
                    "service", "registry.test",
                    "scope", "repository:a/b:pull,push")));
  }

  @Test
  void aBareAddressMayHoldAnEqualsSign() {
    assertThat(parse("Bearer realm=https://auth.test/token?a=b,service=x").getFirst().parameters())
        .containsEntry("realm", "https://auth.test/token?a=b")
        .containsEntry("service", "x");
  }

  @Test
  void severalChallengesMayStandInOneHeaderOrInSeveral() {
    assertThat(parse("Negotiate, Basic realm=\"a, \\\"b\\\"\"", "BEARER Realm = \"c\""))
        .containsExactly(
            new Challenge("negotiate", Map.of()),
            new Challenge("basic", Map.of("realm", "a, \"b\"")),
            new Challenge("bearer", Map.of("realm", "c")));
  }

  @Test
  void whatIsNoChallengeIsLeftOut() {
    assertThat(parse("", "  ,, ", "=", "\"", "\"\"\"")).isEmpty();
    assertThat(parse("Basic realm=\"never ends").getFirst().parameters())
        .containsEntry("realm", "never ends");
  }
}
