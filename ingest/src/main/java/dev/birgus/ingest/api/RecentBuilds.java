package dev.birgus.ingest.api;

import dev.birgus.infra.contracts.BuildId;
import java.util.LinkedHashSet;
import java.util.Set;

/** Names of builds, as many as were added last. For one thread at a time. */
final class RecentBuilds {

  private final int most;
  private final Set<BuildId> names = new LinkedHashSet<>();

  /** None yet, and never more than this. */
  RecentBuilds(int most) {
    this.most = most;
  }

  void add(BuildId build) {
    if (names.add(build) && names.size() > most) {
      names.remove(names.iterator().next());
    }
  }

  void remove(BuildId build) {
    names.remove(build);
  }

  boolean contains(BuildId build) {
    return names.contains(build);
  }
}
