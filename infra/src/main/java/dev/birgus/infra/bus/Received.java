package dev.birgus.infra.bus;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;

/**
 * An event on its way to a handler.
 *
 * @param delivery how often it was given to one, this time included
 */
record Received(Topic topic, String key, Event event, int delivery) {

  static Received first(Topic topic, String key, Event event) {
    return new Received(topic, key, event, 1);
  }

  Received again() {
    return new Received(topic, key, event, delivery + 1);
  }
}
