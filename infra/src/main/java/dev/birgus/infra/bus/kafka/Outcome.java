package dev.birgus.infra.bus.kafka;

import dev.birgus.infra.contracts.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What a processor's shares have come to and what is to become certain at once. */
final class Outcome {

  private final Map<Place, Optional<byte[]>> table = new LinkedHashMap<>();
  private final List<ProducerRecord<String, byte[]>> events = new ArrayList<>();
  private final Set<Lane> lanes = new LinkedHashSet<>();
  private final List<Runnable> effects = new ArrayList<>();

  /** A lane of a work queue. */
  record Lane(Topic queue, String name) {}

  /** A key of the table of a share. */
  private record Place(int share, String key) {}

  /** A record of the table has become this; empty if it is gone. The last one counts. */
  void put(int share, String key, Optional<byte[]> record) {
    table.put(new Place(share, key), record);
  }

  /** Jobs of this lane are among what is published. */
  void reaches(Lane lane) {
    lanes.add(lane);
  }

  void publish(List<ProducerRecord<String, byte[]>> more) {
    events.addAll(more);
  }

  void afterwards(List<Runnable> more) {
    effects.addAll(more);
  }

  boolean isEmpty() {
    return table.isEmpty() && events.isEmpty() && effects.isEmpty();
  }

  /** Everything that is to be sent. */
  List<ProducerRecord<String, byte[]>> records(String tableTopic) {
    var all = new ArrayList<ProducerRecord<String, byte[]>>();
    table.forEach((place, record) ->
        all.add(new ProducerRecord<>(tableTopic, place.share(), place.key(), record.orElse(null))));
    all.addAll(events);
    return all;
  }

  Set<Lane> lanes() {
    return lanes;
  }

  List<Runnable> effects() {
    return effects;
  }
}
