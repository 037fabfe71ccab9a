package dev.birgus.infra.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryAfterTest {

  private static final String NOON = "Wed, 04 Mar 2026 12:00:00 GMT";

  private static Optional<Duration> wait(Map<String, String> headers) {
    var lists = new java.util.HashMap<String, List<String>>();
    headers.forEach((name, value) -> lists.put(name, List.of(value)));
    return RetryAfter.of(HttpHeaders.of(lists, (_, _) -> true));
  }

  @Test
  void secondsAreTakenAsTheyAre() {
    assertThat(wait(Map.of("Retry-After", " 17 "))).contains(Duration.ofSeconds(17));
  }

  @Test
  void aDateCountsFromTheDateOfTheAnswerAndNotFromOurClock() {
    assertThat(wait(Map.of("Date", NOON, "Retry-After", "Wed, 04 Mar 2026 12:00:25 GMT")))
        .contains(Duration.ofSeconds(25));
  }

  @Test
  void aDateThatIsOverMeansAtOnce() {
    assertThat(wait(Map.of("Date", NOON, "Retry-After", "Wed, 04 Mar 2026 11:00:00 GMT")))
        .contains(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-1", "1234567", "1.5", "Wed, 99 Mar 2026 12:00:25 GMT"})
  void whatMakesNoSenseIsNoWait(String text) {
    assertThat(wait(Map.of("Date", NOON, "Retry-After", text))).isEmpty();
  }

  @Test
  void aDateOfAnAnswerWithoutOneIsNoWait() {
    assertThat(wait(Map.of("Retry-After", NOON))).isEmpty();
  }
}
