package dev.birgus.infra.bus.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class DenialsTest {

  private static RuntimeException denied() {
    return new TopicAuthorizationException("topic");
  }

  private Instant now = Instant.EPOCH;
  private final Denials denials = new Denials(() -> now);

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private void hasBeenLetIn() {
    pass(Denials.QUIET.plusSeconds(1));
  }

  @Test
  void whoWasNeverLetInHasFailedForGood() {
    assertThat(denials.areOver(denied())).isTrue();
  }

  @Test
  void aDenialOfWhoWasLetInPassesWhileTheLimitLasts() {
    // given
    hasBeenLetIn();

    // when
    var end = now.plus(Denials.LIMIT);
    while (now.isBefore(end)) {
      assertThat(denials.areOver(new IllegalStateException(denied()))).isFalse();
      pass(denials.pause(denied(), Duration.ZERO));
    }

    // then
    assertThat(denials.areOver(denied())).isTrue();
  }

  @Test
  void denialsThatAreFarApartAreHiccups() {
    for (var times = 0; times < 100; times++) {
      hasBeenLetIn();
      assertThat(denials.areOver(new SaslAuthenticationException("no"))).isFalse();
    }
  }

  @Test
  void whoKeepsTryingWaitsLongerEachTimeAndLessThanWhatIsQuiet() {
    hasBeenLetIn();
    var last = Duration.ZERO;
    for (var times = 0; times < 10; times++) {
      assertThat(denials.areOver(denied())).isFalse();
      var pause = denials.pause(denied(), Duration.ZERO);
      assertThat(pause).isGreaterThanOrEqualTo(last).isLessThan(Denials.QUIET);
      last = pause;
    }
    hasBeenLetIn();
    assertThat(denials.areOver(denied())).isFalse();
    assertThat(denials.pause(denied(), Duration.ZERO)).isLessThan(last);
  }

  @Test
  void whatIsNoDenialIsWhatItIs() {
    hasBeenLetIn();
    assertThat(denials.areOver(new TimeoutException())).isFalse();
    assertThat(denials.pause(new TimeoutException(), Duration.ofMillis(7)))
        .isEqualTo(Duration.ofMillis(7));
    assertThat(denials.areOver(new FencedInstanceIdException("another is there"))).isTrue();
  }
}
