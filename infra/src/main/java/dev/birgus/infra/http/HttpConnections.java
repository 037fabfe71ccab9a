package dev.birgus.infra.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;

/**
 * Connections to servers that share one idea of whom to trust. They are kept for a while after an
 * answer, and used again by requests that go the same way. As many are open as requests run.
 */
public final class HttpConnections implements AutoCloseable {

  private static final Duration KEPT = Duration.ofSeconds(30);
  private static final int MOST_KEPT = 8;

  private final SSLContext tls;
  private final Duration connect;
  private final String userAgent;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<HttpRoute, Deque<Kept>> kept = new HashMap<>();
  private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
  private boolean sweeping;
  private volatile boolean closed;

  private record Kept(HttpConnection connection, long since) {
    boolean isOld() {
      return System.nanoTime() - since > KEPT.toNanos();
    }
  }

  /**
   * No connections yet.
   *
   * @param tls whom to trust, and what to show
   * @param connect how long a connection may take to be made
   * @param userAgent what proxies are told that are asked for a tunnel
   */
  public HttpConnections(SSLContext tls, Duration connect, String userAgent) {
    this.tls = requireNonNull(tls, "tls");
    this.connect = requireNonNull(connect, "connect");
    this.userAgent = requireNonNull(userAgent, "userAgent");
  }

  /** Sends a request on a thread of its own. */
  public HttpExchange send(HttpRequest request, HttpRoute route) {
    return HttpExchange.start(this, request, route);
  }

  SSLContext tls() {
    return tls;
  }

  Duration connect() {
    return connect;
  }

  String userAgent() {
    return userAgent;
  }

  /** A connection that was used before and can be again. */
  Optional<HttpConnection> take(HttpRoute route) {
    while (true) {
      var next = next(route);
      if (next.isEmpty()) {
        return Optional.empty();
      }
      if (!next.get().isOld() && next.get().connection().isUsable()) {
        return Optional.of(next.get().connection());
      }
      next.get().connection().close();
    }
  }

  private Optional<Kept> next(HttpRoute route) {
    lock.lock();
    try {
      var queue = kept.get(route);
      return queue == null ? Optional.empty() : Optional.ofNullable(queue.pollLast());
    } finally {
      lock.unlock();
    }
  }

  /** The connection exists, and ends when these connections do. */
  void opened(HttpConnection connection) {
    open.add(connection);
    if (closed) {
      connection.close();
    }
  }

  void closed(HttpConnection connection) {
    open.remove(connection);
  }

  /** The connection waits for another request. */
  void keep(HttpConnection connection) {
    lock.lock();
    try {
      var queue = kept.computeIfAbsent(connection.route(), _ -> new ArrayDeque<>());
      if (!closed && queue.size() < MOST_KEPT) {
        queue.addLast(new Kept(connection, System.nanoTime()));
        if (!sweeping) {
          sweeping = true;
          Thread.ofVirtual().name("http-sweep").start(this::sweep);
        }
        return;
      }
    } finally {
      lock.unlock();
    }
    connection.close();
  }

  /** Closes what nobody has used for long, until nothing is left. */
  private void sweep() {
    try {
      do {
        Thread.sleep(KEPT);
      } while (sweepOnce());
    } catch (InterruptedException _) {
      // Nobody interrupts us.
    }
  }

  private boolean sweepOnce() {
    var old = new ArrayList<HttpConnection>();
    lock.lock();
    try {
      for (var queue : kept.values()) {
        while (!queue.isEmpty() && queue.getFirst().isOld()) {
          old.add(queue.removeFirst().connection());
        }
      }
      kept.values().removeIf(Deque::isEmpty);
      sweeping = !kept.isEmpty() && !closed;
      return sweeping;
    } finally {
      lock.unlock();
      old.forEach(HttpConnection::close);
    }
  }

  /** Breaks all connections, whoever uses them. */
  @Override
  public void close() {
    closed = true;
    List.copyOf(open).forEach(HttpConnection::close);
    lock.lock();
    try {
      kept.clear();
    } finally {
      lock.unlock();
    }
  }
}
