package dev.birgus.executor.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.fetch.GitSettings;
import dev.birgus.executor.run.InplaceSettings;
import dev.birgus.executor.run.Rung;
import dev.birgus.executor.stage.RootStorage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How an executor node works.
 *
 * @param node its name, unique among the nodes of a cluster
 * @param layers folder of the unpacked layers; processes may share it
 * @param work folder for what stages need while they run; processes may share it. Both must be on
 *     one file system; overlays are faster, if one can be mounted of it
 * @param caches folder of the caches of RUN; processes may share it
 * @param slots how many stages run at once, at least 1
 * @param hostName what commands take for the name of their machine
 * @param grace how long a command has to end when it is cancelled, before it is killed
 * @param git what git programs are started with
 * @param isolation the one rung commands are run on; empty for the highest that works here
 * @param storage how root file systems are kept
 * @param inplace what is known of the node's own root
 * @param membership what the node is to others
 */
public record ExecutorSettings(
    String node,
    Path layers,
    Path work,
    Path caches,
    int slots,
    String hostName,
    Duration grace,
    GitSettings git,
    Optional<Rung> isolation,
    RootStorage storage,
    InplaceSettings inplace,
    NodeMembership membership) {

  private static final String HOST_NAME = "birgus";
  private static final Duration GRACE = Duration.ofSeconds(2);

  public ExecutorSettings {
    requireNonNull(node, "node");
    requireNonNull(layers, "layers");
    requireNonNull(work, "work");
    requireNonNull(caches, "caches");
    requireNonNull(hostName, "hostName");
    requireNonNull(grace, "grace");
    requireNonNull(git, "git");
    requireNonNull(isolation, "isolation");
    requireNonNull(storage, "storage");
    requireNonNull(inplace, "inplace");
    requireNonNull(membership, "membership");
    if (slots < 1) {
      throw new IllegalArgumentException("an executor needs at least one slot, not " + slots);
    }
  }

  /** The usual settings, everything below one state folder. */
  public static ExecutorSettings below(Path state, String node, int slots, GitSettings git) {
    return new ExecutorSettings(
        node,
        state.resolve("layers"),
        state.resolve("work"),
        state.resolve("caches"),
        slots,
        HOST_NAME,
        GRACE,
        git,
        Optional.empty(),
        RootStorage.AUTO,
        InplaceSettings.NONE,
        NodeMembership.ALONE);
  }

  /** The same, but commands are run on this rung, or on the highest that works. */
  public ExecutorSettings on(Optional<Rung> rung) {
    return new ExecutorSettings(
        node,
        layers,
        work,
        caches,
        slots,
        hostName,
        grace,
        git,
        rung,
        storage,
        inplace,
        membership);
  }

  /** The same with roots kept in this way. */
  public ExecutorSettings with(RootStorage way) {
    return new ExecutorSettings(
        node,
        layers,
        work,
        caches,
        slots,
        hostName,
        grace,
        git,
        isolation,
        way,
        inplace,
        membership);
  }

  /** The same, knowing this of the node's own root. */
  public ExecutorSettings knowing(InplaceSettings root) {
    return new ExecutorSettings(
        node,
        layers,
        work,
        caches,
        slots,
        hostName,
        grace,
        git,
        isolation,
        storage,
        root,
        membership);
  }

  /** The same for a node among others. */
  public ExecutorSettings as(NodeMembership member) {
    return new ExecutorSettings(
        node, layers, work, caches, slots, hostName, grace, git, isolation, storage, inplace,
        member);
  }
}
