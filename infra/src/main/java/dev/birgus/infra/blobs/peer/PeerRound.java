package dev.birgus.infra.blobs.peer;

import dev.birgus.infra.blobs.BlobPlace.Address;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Asks all nodes at once who has a blob, and takes the first who says so: nodes that are gone cost
 * time only where nobody has it.
 */
final class PeerRound implements AutoCloseable {

  private static final long TOLD_AGAIN = Duration.ofMinutes(1).toNanos();

  private final List<Address> addresses;
  private final PeerConnections connections;
  private final Journal journal;

  /** When the journal was told of a node last. */
  private final Map<Peer, Long> told = new ConcurrentHashMap<>();

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("birgus-peer-", 0).factory());

  PeerRound(List<Address> addresses, PeerConnections connections, Journal journal) {
    this.addresses = addresses;
    this.connections = connections;
    this.journal = journal;
  }

  /** A node that says that it has a blob. */
  record Holder(Peer peer, long size) {}

  /** What a node said: who it is, and the size of the blob if it has it. */
  private record Said(Peer peer, OptionalLong size) {}

  /**
   * Who has a blob.
   *
   * @param others than these
   * @param size that it has to have; empty for any
   * @throws PeerConnections.RefusedException if nobody has it who answers us, and somebody does not
   *     because of our token
   */
  Optional<Holder> holder(Digest digest, Set<Peer> others, OptionalLong size) throws IOException {
    var answers = new ExecutorCompletionService<Said>(threads);
    var asked = new ArrayList<Future<Said>>();
    for (var peer : known(others)) {
      asked.add(answers.submit(() -> ask(peer, digest)));
    }
    IOException refused = null;
    try {
      for (var left = asked.size(); left > 0; left--) {
        var said = said(answers.take());
        refused = said.refused() == null ? refused : said.refused();
        var there = said.size();
        if (there.isPresent() && (size.isEmpty() || size.equals(there))) {
          return said.holder();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while nodes were asked for " + digest);
    } finally {
      asked.forEach(each -> each.cancel(true));
    }
    if (refused != null) {
      throw refused;
    }
    return Optional.empty();
  }

  /** What came of asking one node. */
  private record Answer(
      Optional<Holder> holder, PeerConnections.@Nullable RefusedException refused) {
    OptionalLong size() {
      return holder.isPresent() ? OptionalLong.of(holder.get().size()) : OptionalLong.empty();
    }
  }

  private static Answer said(Future<Said> future) throws InterruptedException {
    try {
      var said = future.get();
      var size = said.size();
      return new Answer(
          size.isPresent()
              ? Optional.of(new Holder(said.peer(), size.getAsLong()))
              : Optional.empty(),
          null);
    } catch (ExecutionException failed) {
      var refused =
          failed.getCause() instanceof PeerConnections.RefusedException known ? known : null;
      return new Answer(Optional.empty(), refused);
    }
  }

  private Said ask(Peer peer, Digest digest) throws IOException {
    try {
      return new Said(peer, connections.size(peer, digest));
    } catch (IOException failed) {
      if (!Thread.currentThread().isInterrupted()) {
        failed(peer, failed);
      }
      throw failed;
    }
  }

  /** Tells of a node that did not do what it should, now and then. */
  void failed(Peer peer, IOException failure) {
    var now = System.nanoTime();
    var isNews = new boolean[1];
    told.compute(
        peer,
        (_, before) -> {
          isNews[0] = before == null || now - before > TOLD_AGAIN;
          return isNews[0] ? Long.valueOf(now) : before;
        });
    if (isNews[0]) {
      journal.log(
          Journal.Level.WARN,
          "a node does not give its blobs",
          Map.of("node", peer.toString(), LogKeys.ERROR, String.valueOf(failure.getMessage())));
    }
  }

  private List<Peer> known(Set<Peer> others) {
    var known = new LinkedHashSet<Peer>();
    for (var address : addresses) {
      known.addAll(named(address));
    }
    known.removeAll(others);
    var asked = new ArrayList<Peer>(known);
    // So that those who have what everybody wants share the work.
    Collections.shuffle(asked);
    return asked;
  }

  private Collection<Peer> named(Address address) {
    try {
      var peers = new ArrayList<Peer>();
      for (var ip : InetAddress.getAllByName(address.host())) {
        peers.add(new Peer(address, ip));
      }
      return peers;
    } catch (UnknownHostException unknown) {
      journal.log(
          Journal.Level.WARN, "the name of nodes is not known", Map.of("node", address.toString()));
      return List.of();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
