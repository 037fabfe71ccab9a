package dev.birgus.pusher.upload;

import dev.birgus.infra.contracts.Delivery.ToRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The repositories of destinations. */
final class Repositories {

  private Repositories() {}

  /** One destination for each repository, the first, those of a registry together; in order. */
  static List<List<ToRegistry>> byRegistry(List<ToRegistry> destinations) {
    var registries = new LinkedHashMap<String, Map<String, ToRegistry>>();
    for (var destination : destinations) {
      registries
          .computeIfAbsent(destination.reference().registry(), _ -> new LinkedHashMap<>())
          .putIfAbsent(destination.reference().repository(), destination);
    }
    return registries.values().stream().map(each -> List.copyOf(each.values())).toList();
  }
}
