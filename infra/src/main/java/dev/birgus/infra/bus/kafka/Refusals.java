package dev.birgus.infra.bus.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What brokers have refused as too large of a processor's outcomes. To be refused ends a session,
 * so this outlives it: for some time each event is handled alone then, which tells whose outcome it
 * is; that one is given up, and if what comes of that is too large as well, it is passed over.
 */
final class Refusals {

  /** Events that are handled alone after something was refused: more than some polls bring. */
  private static final int ALONE = 2_000;

  private final Map<TopicPartition, Refused> refused = new HashMap<>();
  private int alone;
  private boolean hopeless;

  /** An event whose outcome was refused so often. */
  private record Refused(long offset, int times) {}

  /** What is to be done about an event. */
  enum Treatment {
    HANDLE,
    GIVE_UP,
    PASS_OVER
  }

  /** Whether each event is to be handled alone for now. */
  boolean isCareful() {
    return alone > 0;
  }

  /** Whether something is refused that is no event's, and will be again. */
  boolean isHopeless() {
    return hopeless;
  }

  Treatment of(ConsumerRecord<String, byte[]> received) {
    return switch (times(received)) {
      case 0 -> Treatment.HANDLE;
      case 1 -> Treatment.GIVE_UP;
      default -> Treatment.PASS_OVER;
    };
  }

  private int times(ConsumerRecord<String, byte[]> received) {
    return Optional.ofNullable(refused.get(partition(received)))
        .filter(each -> each.offset() == received.offset())
        .map(Refused::times)
        .orElse(0);
  }

  /** What came of an event that was handled alone is certain. */
  void passed(ConsumerRecord<String, byte[]> received) {
    alone--;
    if (times(received) > 0) {
      refused.remove(partition(received));
    }
  }

  /**
   * Brokers did not take an outcome because it is too large.
   *
   * @param handled the event that was handled alone; empty if there were several, or none
   */
  void tooLarge(Optional<ConsumerRecord<String, byte[]>> handled) {
    if (handled.isEmpty() && isCareful()) {
      hopeless = true;
    }
    handled.ifPresent(
        event -> refused.put(partition(event), new Refused(event.offset(), times(event) + 1)));
    alone = ALONE;
  }

  private static TopicPartition partition(ConsumerRecord<String, byte[]> received) {
    return new TopicPartition(received.topic(), received.partition());
  }
}
