package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.codec.EventCodec;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.json.JsonSyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Events as CloudEvents in binary mode: attributes in headers, JSON in the value. */
final class KafkaRecords {

  private static final String TYPE = "ce_type";
  private static final String SUBJECT = "ce_subject";

  private final EventCodec codec = new EventCodec();
  private final String source;
  private final InstantSource clock;

  /**
   * Records of one process.
   *
   * @param source which process, as a URI reference: {@code /birgus/node-7}
   */
  KafkaRecords(String source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
  }

  /** What the time is to this process. */
  InstantSource clock() {
    return clock;
  }

  ProducerRecord<String, byte[]> of(String topic, String key, Event event) {
    var encoded = codec.encode(event);
    var sent = new ProducerRecord<>(topic, key, encoded.data());
    var headers = sent.headers();
    put(headers, "ce_specversion", "1.0");
    put(headers, "ce_id", UUID.randomUUID().toString());
    put(headers, "ce_source", source);
    put(headers, TYPE, encoded.type());
    put(headers, SUBJECT, event.subject());
    put(headers, "ce_time", clock.instant().toString());
    put(headers, "content-type", "application/json");
    return sent;
  }

  /**
   * The event of a record.
   *
   * @return empty if this process does not know its type: it is older than the one that sent it
   * @throws JsonSyntaxException if it is no event
   */
  Optional<Event> event(ConsumerRecord<String, byte[]> received) {
    var type = received.headers().lastHeader(TYPE);
    if (type == null || received.value() == null) {
      throw new JsonSyntaxException("a record that is no CloudEvent");
    }
    return codec.decode(new String(type.value(), StandardCharsets.UTF_8), received.value());
  }

  /** The type a record says it has. */
  static String type(ConsumerRecord<String, byte[]> received) {
    return text(received, TYPE).orElse("");
  }

  /** What a record says it is about. */
  static Optional<String> subject(ConsumerRecord<String, byte[]> received) {
    return text(received, SUBJECT).filter(each -> !each.isEmpty());
  }

  private static Optional<String> text(ConsumerRecord<String, byte[]> received, String name) {
    return Optional.ofNullable(received.headers().lastHeader(name))
        .map(Header::value)
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
