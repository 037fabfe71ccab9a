package dev.birgus.cli.serve;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.oci.Platform;
import java.util.List;
import java.util.Map;

/** Events as they come to servers. */
final class Events {

  private Events() {}

  /** Somebody wants an empty image. */
  static Event.BuildRequested requested(String build) {
    return new Event.BuildRequested(
        new BuildId(build),
        new BuildRequest(
            new BuildRequest.Dockerfile("Dockerfile", "FROM scratch\n"),
            new ContextRef("nothing"),
            Map.of(),
            Map.of(),
            Map.of(),
            List.of(),
            List.of(),
            Platform.of("linux", "amd64"),
            List.of(),
            List.of(),
            BuildOptions.DEFAULT));
  }
}
