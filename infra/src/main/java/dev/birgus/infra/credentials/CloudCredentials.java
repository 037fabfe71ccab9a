package dev.birgus.infra.credentials;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The credentials a cloud has for its own registries. Its client is made, and the classes of that
 * are loaded, when the first of those registries is asked about. A cloud that has nothing leaves us
 * anonymous, with a note, and the reason stays known for the registry that does not let us in so.
 */
final class CloudCredentials implements Credentials {

  /** For so long nobody looks again for an identity that nobody has set up. */
  private static final Duration SETTLED = Duration.ofMinutes(5);

  /** Why there was no credential, and when that was found. */
  private record None(String reason, boolean configured, Instant at) {}

  private final String name;
  private final Predicate<String> registries;
  private final Supplier<CloudSource> newSource;
  private final Journal journal;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, None> nones = new ConcurrentHashMap<>();
  private volatile @Nullable CloudSource source;

  /**
   * The credentials of a cloud.
   *
   * @param name of the cloud, for people
   * @param registries whether a registry is the cloud's, by its host alone
   */
  CloudCredentials(
      String name,
      Predicate<String> registries,
      Supplier<CloudSource> newSource,
      Journal journal,
      InstantSource clock) {
    this.name = name;
    this.registries = registries;
    this.newSource = newSource;
    this.journal = journal;
    this.clock = clock;
  }

  @Override
  public Optional<Credential> find(String registry, String repository) {
    if (!registries.test(registry) || isSettled(nones.get(registry))) {
      return Optional.empty();
    }
    try {
      var credential = source().credential(registry);
      nones.remove(registry);
      return Optional.of(credential);
    } catch (CloudUnavailableException none) {
      note(registry, none);
    } catch (FailureException failed) {
      note(registry, CloudUnavailableException.broken("asking it failed", failed));
    } catch (InterruptedIOException interrupted) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException failed) {
      note(registry, CloudUnavailableException.broken("asking it failed", failed));
    }
    return Optional.empty();
  }

  /** Looking for metadata servers takes seconds where there are none. */
  private boolean isSettled(@Nullable None none) {
    return none != null && !none.configured() && clock.instant().isBefore(none.at().plus(SETTLED));
  }

  private void note(String registry, CloudUnavailableException none) {
    var reason = name + " gave no credentials: " + none.getMessage();
    var before = nones.put(registry, new None(reason, none.configured(), clock.instant()));
    if (before == null || !before.reason().equals(reason)) {
      journal.log(
          none.configured() ? Journal.Level.WARN : Journal.Level.DEBUG,
          "a cloud gave no credentials, going on without",
          Map.of(LogKeys.REGISTRY, registry, LogKeys.ERROR, reason));
    }
  }

  @Override
  public Optional<Provided> provide(String registry, String repository) {
    return find(registry, repository).map(credential -> new Provided(credential, name));
  }

  @Override
  public Optional<String> reasonForNone(String registry) {
    return Optional.ofNullable(nones.get(registry)).map(None::reason);
  }

  private CloudSource source() {
    var known = source;
    if (known != null) {
      return known;
    }
    lock.lock();
    try {
      var made = source;
      if (made == null) {
        made = newSource.get();
        source = made;
      }
      return made;
    } finally {
      lock.unlock();
    }
  }
}
