package dev.birgus.infra.registry;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * How long an answer asks us to wait (RFC 9110, section 10.2.3): so many seconds, or until a date.
 * A date counts from the answer's own {@code Date}, for nobody's clocks have to agree.
 */
final class RetryAfter {

  private static final int MOST_DIGITS = 6;

  private RetryAfter() {}

  /** The wait, 0 or more; empty if nothing is said that makes sense. */
  static Optional<Duration> of(HttpHeaders headers) {
    return headers
        .firstValue("Retry-After")
        .map(String::strip)
        .flatMap(text -> isNumber(text) ? seconds(text) : until(text, headers));
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() <= MOST_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static Optional<Duration> seconds(String text) {
    return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
  }

  private static Optional<Duration> until(String text, HttpHeaders headers) {
    var now = headers.firstValue("Date").flatMap(RetryAfter::date);
    var then = date(text);
    if (now.isEmpty() || then.isEmpty()) {
      return Optional.empty();
    }
    var wait = Duration.between(now.get(), then.get());
    return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
  }

  private static Optional<ZonedDateTime> date(String text) {
    try {
      var form = DateTimeFormatter.RFC_1123_DATE_TIME.withLocale(Locale.ROOT);
      return Optional.of(ZonedDateTime.parse(text.strip(), form));
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
