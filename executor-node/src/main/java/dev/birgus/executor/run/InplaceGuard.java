package dev.birgus.executor.run;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.KeptPlaces;
import dev.birgus.executor.files.LeftoverMounts;
import dev.birgus.infra.contracts.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says whether the node's own root may be emptied, and what of it has to stay. Nothing may be
 * removed that this has not been asked about.
 */
public final class InplaceGuard {

  private static final List<String> ALWAYS =
      List.of("/proc", "/sys", "/dev", "/etc/resolv.conf", "/etc/hosts", "/etc/hostname");

  private final InplaceSettings settings;

  /** A guard that knows this of the root. */
  public InplaceGuard(InplaceSettings settings) {
    this.settings = requireNonNull(settings, "settings");
  }

  /** Why the root may not be emptied; empty if it may. */
  Optional<String> refusal() throws IOException {
    if (!settings.expendable()) {
      return Optional.of(
          "nobody has said that this machine's own root may be emptied"
              + " (BIRGUS_EXPENDABLE_ROOT=yes or --force)");
    }
    for (var place : settings.kept()) {
      if (Files.exists(place) && !place.toRealPath().equals(place.normalize())) {
        return Optional.of(place + ", which has to stay, is reached by a link");
      }
    }
    return refusal(settings, ProcessNeeds.ofThisProcess(), LeftoverMounts.mountPoints());
  }

  /**
   * The same, of a process that is described.
   *
   * @param needs files the process goes on needing, and what each is
   * @param mountPoints all of the process
   */
  static Optional<String> refusal(
      InplaceSettings settings, Map<String, String> needs, List<String> mountPoints) {
    if (!settings.expendable()) {
      return Optional.of("nobody has said that the root may be emptied");
    }
    for (var place : settings.kept()) {
      if (place.normalize().equals(Path.of("/"))) {
        return Optional.of("a build that reads or writes / itself leaves nothing to be emptied");
      }
    }
    var kept = kept(settings, mountPoints);
    for (var need : needs.entrySet()) {
      if (!kept.keeps(need.getKey())) {
        return Optional.of(
            need.getKey() + " " + need.getValue() + ", and would be removed with the root");
      }
    }
    return Optional.empty();
  }

  /**
   * What has to stay now.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code isolation-unavailable} if the root
   *     may not be emptied
   */
  public KeptPlaces allow() throws IOException {
    var refusal = refusal();
    if (refusal.isPresent()) {
      throw Failure.of(
              "isolation-unavailable",
              "no command can be run here (inplace: " + refusal.get() + ")",
              Rung.INPLACE.advice())
          .toException();
    }
    return kept(settings, LeftoverMounts.mountPoints());
  }

  /** The places of a build, what every root has of its node, and all that is mounted. */
  static KeptPlaces kept(InplaceSettings settings, List<String> mountPoints) {
    var places = new ArrayList<Path>(settings.kept());
    ALWAYS.forEach(place -> places.add(Path.of(place)));
    for (var point : mountPoints) {
      if (!point.equals("/")) {
        places.add(Path.of(point));
      }
    }
    return new KeptPlaces(places);
  }

  /**
   * Checks that nothing has been mounted since; what a command mounts would outlive it.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code isolation-lacks}
   */
  public void checkMounts(KeptPlaces kept) throws IOException {
    for (var point : LeftoverMounts.mountPoints()) {
      if (!point.equals("/") && !kept.keeps(point)) {
        throw Failure.of(
                "isolation-lacks",
                "a command has mounted something on " + point + ", which stays mounted in place",
                "unmount it in the same RUN")
            .toException();
      }
    }
  }
}
