package dev.birgus.infra.bus;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Topic;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a {@link Processor} reads, and where it keeps its table.
 *
 * @param name of the group its members are in, and of the table
 * @param topics that are read; their keys mean the same, so that one key's events are one member's
 * @param records the type of the table's records: a record, or a sealed interface of records
 * @param processors a new one for each share
 * @param <S> the records of the table
 */
public record Processing<S>(
    String name, Set<Topic> topics, Class<S> records, Supplier<? extends Processor<S>> processors) {

  public Processing {
    requireNonNull(name, "name");
    topics = Set.copyOf(topics);
    requireNonNull(records, "records");
    requireNonNull(processors, "processors");
    if (topics.isEmpty()) {
      throw new IllegalArgumentException("a processor reads something");
    }
    for (var topic : topics) {
      if (topic.isWorkQueue() || topic.isFeed()) {
        throw new IllegalArgumentException("nothing that drives a build: " + topic);
      }
    }
  }
}
