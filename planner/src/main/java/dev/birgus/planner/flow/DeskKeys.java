package dev.birgus.planner.flow;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.StageId;

/**
 * The keys of a desk's table. All of a pool begin with its name and a slash, which names of pools
 * do not have; what follows says what it is.
 */
final class DeskKeys {

  private static final String NODE = "//node/";
  private static final String TENANT = "//tenant/";
  private static final String DROUGHT = "//drought";

  private DeskKeys() {}

  /** What all keys of a pool begin with. */
  static String prefix(String pool) {
    return pool + "/";
  }

  static String poolOf(String key) {
    return key.substring(0, key.indexOf('/'));
  }

  /** A stage that several builds may want. */
  static String shared(String pool, StageId stage) {
    return pool + "/" + stage;
  }

  /** A stage that is a build's own. */
  static String own(String pool, StageId stage, BuildId build) {
    return pool + "/" + stage + "!" + build;
  }

  /** What a build asked for. */
  static String order(String pool, StageId stage, BuildId build) {
    return pool + "/" + stage + "/" + build;
  }

  /** What became of the task that was under this key. */
  static String past(String task) {
    return task + "#past";
  }

  static String node(String pool, String node) {
    return pool + NODE + node;
  }

  static String drought(String pool) {
    return pool + DROUGHT;
  }

  static String tenant(String pool, String tenant) {
    return pool + TENANT + tenant;
  }
}
