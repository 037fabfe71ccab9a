package dev.birgus.infra.node;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What shall not be kept any longer: all that one of these says. What is in use stays.
 *
 * @param everything all
 * @param expendable what was only needed by the build that made it
 * @param unusedSince what was last used before
 * @param limit the largest size of all that is kept, in bytes, 0 or more: what was only needed by
 *     the build that made it goes first, then what was used longest ago
 */
public record Retention(
    boolean everything, boolean expendable, Optional<Instant> unusedSince, OptionalLong limit) {

  private static final Comparator<Kept> ORDER =
      Comparator.comparing((Kept kept) -> !kept.expendable())
          .thenComparing(Kept::used)
          .thenComparing(Kept::name);

  public Retention {
    requireNonNull(unusedSince, "unusedSince");
    requireNonNull(limit, "limit");
    if (limit.orElse(0) < 0) {
      throw new IllegalArgumentException("a limit of " + limit.getAsLong() + " bytes");
    }
  }

  /** Only as much as fits, in bytes. */
  public static Retention upTo(long limit) {
    return new Retention(false, false, Optional.empty(), OptionalLong.of(limit));
  }

  /** What has to go, in the order in which it should. */
  List<Kept> superfluous(List<Kept> kept, Predicate<Kept> inUse) {
    var size = kept.stream().mapToLong(Kept::size).sum();
    var chosen = new ArrayList<Kept>();
    var others = new ArrayList<Kept>();
    for (var each : kept.stream().filter(inUse.negate()).sorted(ORDER).toList()) {
      if (isUnwanted(each)) {
        chosen.add(each);
        size -= each.size();
      } else {
        others.add(each);
      }
    }
    for (var each : others) {
      if (size <= limit.orElse(Long.MAX_VALUE)) {
        break;
      }
      chosen.add(each);
      size -= each.size();
    }
    return List.copyOf(chosen);
  }

  private boolean isUnwanted(Kept kept) {
    return everything
        || (expendable && kept.expendable())
        || unusedSince.map(kept.used()::isBefore).orElse(false);
  }
}
