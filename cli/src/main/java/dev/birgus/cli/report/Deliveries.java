package dev.birgus.cli.report;

import dev.birgus.cli.flags.BuildCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a build would put its image. */
final class Deliveries {

  private Deliveries() {}

  /**
   * A place.
   *
   * @param kind registry, archive, layout or digest-file
   * @param to the name or the path as it was written
   */
  record Place(String kind, String to) {}

  static List<Place> of(BuildCommand.Output output) {
    var places = new ArrayList<Place>();
    if (output.push()) {
      output.destinations().forEach(one -> places.add(new Place("registry", one.written())));
    }
    add(places, "archive", output.tarPath());
    add(places, "layout", output.layoutPath());
    add(places, "digest-file", output.digestFile());
    add(places, "digest-file", output.nameDigestFile());
    add(places, "digest-file", output.nameTagDigestFile());
    return places;
  }

  private static void add(List<Place> places, String kind, Optional<String> path) {
    path.ifPresent(known -> places.add(new Place(kind, known)));
  }
}
