package dev.birgus.infra.node;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A place where a node keeps things of one kind. */
public interface Shelf {

  /** All that is there, whole and visible. What cannot be looked at is left out. */
  List<Kept> kept() throws IOException;

  /**
   * Takes something out of everybody's sight, at once or not at all. It is called while nobody can
   * take a lease, so it should be quick; the space is freed by the disposal.
   *
   * @return empty if somebody is making it just now
   */
  Optional<Disposal> withdraw(Kept kept) throws IOException;

  /** Removes what else has gathered; called while no other process uses the place. */
  void tidy() throws IOException;

  /** Frees the space of what was withdrawn. */
  interface Disposal {
    /** Called once. Killed in between, the rest goes when the place is opened next. */
    void dispose() throws IOException;
  }
}
