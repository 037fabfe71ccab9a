package dev.birgus.infra.node;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.observe.Journal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The leases of one process, as lines of a file in its folder among those of the other processes. A
 * lease is taken, and things are removed, by one process at a time.
 */
public final class NodeLeases implements Leases, AutoCloseable {

  private static final String PREFIX = "node-";
  private static final String NAMES = "names";
  private static final String MORE_NAMES = "more-names";

  private final ProcessFolder folder;
  private final String file;
  private final InstantSource clock;
  private final Set<String> taken = ConcurrentHashMap.newKeySet();

  private NodeLeases(ProcessFolder folder, String file, InstantSource clock) {
    this.folder = folder;
    this.file = file;
    this.clock = clock;
  }

  /**
   * Begins to take leases.
   *
   * @param root the folder of the leases of all processes; made if it is missing
   */
  public static NodeLeases open(Path root, InstantSource clock, Journal journal)
      throws IOException {
    requireNonNull(clock, "clock");
    var folder = ProcessFolder.open(root, PREFIX, PlainTree::remove, journal);
    return new NodeLeases(folder, NAMES, clock);
  }

  /**
   * Further leases of the same process, which are released apart from these and end with them.
   * There is one such set.
   */
  public NodeLeases beside() {
    return new NodeLeases(folder, MORE_NAMES, clock);
  }

  /** What is done with the names in use while nobody can take a lease. */
  interface Removal<T> {
    T remove(InUse inUse) throws IOException;
  }

  /**
   * What is in use on the node.
   *
   * @param names all that any living process has leased
   * @param others whether other processes live that may take leases
   */
  record InUse(Set<String> names, boolean others) {
    InUse {
      names = Set.copyOf(names);
    }
  }

  @Override
  public void take(String name) throws IOException {
    requireNonNull(name, "name");
    if (taken.contains(name)) {
      return;
    }
    folder.alone(() -> {
      Files.writeString(
          folder.path().resolve(file),
          name + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      return taken.add(name);
    });
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  /** Ends all leases of this process; new ones may be taken. */
  public void release() throws IOException {
    folder.alone(() -> {
      taken.clear();
      try (var names =
          FileChannel.open(
              folder.path().resolve(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        return names.truncate(0).isOpen();
      }
    });
  }

  /** Removes things while nobody can take a lease of them. */
  <T> T whileNobodyTakes(Removal<T> removal) throws IOException {
    return folder.alone(() -> {
      var names = new HashSet<String>();
      var living = folder.living();
      for (var each : living) {
        names.addAll(names(each));
      }
      return removal.remove(new InUse(names, living.size() > 1));
    });
  }

  private static Set<String> names(Path process) throws IOException {
    var names = new HashSet<>(names(process, NAMES));
    names.addAll(names(process, MORE_NAMES));
    return names;
  }

  private static Set<String> names(Path process, String file) throws IOException {
    try {
      return new HashSet<>(Files.readAllLines(process.resolve(file), StandardCharsets.UTF_8));
    } catch (NoSuchFileException none) {
      return Set.of();
    }
  }

  /** Ends all leases. */
  @Override
  public void close() throws IOException {
    folder.close();
  }
}
