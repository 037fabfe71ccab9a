package dev.birgus.infra.node;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Something kept on a node for later builds.
 *
 * @param kind what it is, one word for people and machines
 * @param name by which it is leased, unique among all kinds
 * @param size bytes on the disk, about; 0 or more
 * @param used when it was last used
 * @param expendable whether it was only needed by the build that made it
 */
public record Kept(String kind, String name, long size, Instant used, boolean expendable) {

  public Kept {
    requireNonNull(kind, "kind");
    requireNonNull(name, "name");
    requireNonNull(used, "used");
    if (size < 0) {
      throw new IllegalArgumentException(name + ": a size of " + size);
    }
  }
}
