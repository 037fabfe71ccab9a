package dev.birgus.planner.flow;

/**
 * What is wanted of a pool of nodes, and what it has. Whoever adds and removes nodes goes by it.
 *
 * @param waiting stages that are wanted and that no living node runs
 * @param slots of its living nodes
 */
public record PoolNeed(int waiting, int slots) {

  public PoolNeed {
    if (waiting < 0 || slots < 0) {
      throw new IllegalArgumentException("less than nothing: " + waiting + ", " + slots);
    }
  }
}
