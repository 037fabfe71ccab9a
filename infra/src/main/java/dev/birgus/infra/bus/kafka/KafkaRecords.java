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
import org.apache.kafka.common.header.Headers;

/** Events as CloudEvents in binary mode: attributes in headers, JSON in the value. */
final class KafkaRecords {

  private static final String TYPE = "ce_type";

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

  ProducerRecord<String, byte[]> of(String topic, String key, Event event) {
    var encoded = codec.encode(event);
    var sent = new ProducerRecord<>(topic, key, encoded.data());
    var headers = sent.headers();
    put(headers, "ce_specversion", "1.0");
    put(headers, "ce_id", UUID.randomUUID().toString());
    put(headers, "ce_source", source);
    put(headers, TYPE, encoded.type());
    put(headers, "ce_subject", event.subject());
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
    var type = received.headers().lastHeader(TYPE);
    return type == null ? "" : new String(type.value(), StandardCharsets.UTF_8);
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
