package dev.birgus.infra.testkit;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * Stands on loopback in front of a registry that speaks plain http, and spoils what it is told to.
 * What it is not told of goes through unchanged, as slowly as its link is. It uses nothing but the
 * JDK, so that benchmarks can have it too.
 */
public final class FaultProxy implements AutoCloseable {

  /**
   * A request that came.
   *
   * @param target path and query
   * @param authorization what it showed; empty for nothing
   * @param range the range it asked for; empty for everything
   */
  public record Asked(String method, String target, String authorization, String range) {

    /** Method and path, as rules see it. */
    public String line() {
      var mark = target.indexOf('?');
      return method + " " + (mark < 0 ? target : target.substring(0, mark));
    }
  }

  /** Requests a fault is meant for, and the faults that are left for them. */
  private record Rule(Pattern requests, Deque<Fault> left, boolean lasting) {}

  private final ServerSocket listener;
  private final String upstream;
  private final boolean tls;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile Link up = new Link(0);
  private volatile Link down = new Link(0);

  /** In front of a host and port. */
  public FaultProxy(String upstream) throws IOException {
    this(upstream, new ServerSocket(), false);
  }

  /** In front of a host and port, itself speaking TLS. */
  public static FaultProxy withTls(String upstream, SSLContext tls) throws IOException {
    return new FaultProxy(upstream, tls.getServerSocketFactory().createServerSocket(), true);
  }

  private FaultProxy(String upstream, ServerSocket listener, boolean tls) throws IOException {
    this.upstream = requireNonNull(upstream, "upstream");
    this.listener = listener;
    this.tls = tls;
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    var _ = threads.submit(this::accept);
  }

  /** Host and port, as an image reference names the registry behind it. */
  public String host() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  /**
   * Deals with requests one after the other as the faults say, and lets through those that come
   * after them.
   *
   * @param requests regular expression for the whole of method and path: {@code "GET /v2/.*"}
   */
  public FaultProxy on(String requests, Fault... inOrder) {
    rules.add(new Rule(Pattern.compile(requests), new ArrayDeque<>(List.of(inOrder)), false));
    return this;
  }

  /** Deals with every request of this kind, from now on, as the fault says. */
  public FaultProxy always(String requests, Fault fault) {
    rules.add(new Rule(Pattern.compile(requests), new ArrayDeque<>(List.of(fault)), true));
    return this;
  }

  /** Forgets all faults. */
  public void heal() {
    rules.clear();
  }

  /** Carries no more than so many bytes of content a second in each direction, from now on. */
  public FaultProxy limit(long bytesPerSecond) {
    up = new Link(bytesPerSecond);
    down = new Link(bytesPerSecond);
    return this;
  }

  /** What was asked so far, without requests that only look whether there is a registry. */
  public List<Asked> asked() {
    return asked.stream().filter(each -> !each.target().equals("/v2/")).toList();
  }

  /** The requests of this kind so far. */
  public List<Asked> asked(String requests) {
    var pattern = Pattern.compile(requests);
    return asked.stream().filter(each -> pattern.matcher(each.line()).matches()).toList();
  }

  private Void accept() throws IOException {
    while (!listener.isClosed()) {
      var socket = listener.accept();
      socket.setTcpNoDelay(true);
      var _ = threads.submit(() -> serve(socket));
    }
    return null;
  }

  private Void serve(Socket client) throws IOException {
    try (client) {
      open.add(client);
      new ProxiedConnection(client, this).serve();
    } finally {
      open.remove(client);
    }
    return null;
  }

  /** Connects to what is behind. */
  Socket connect(String place) throws IOException {
    var colon = place.lastIndexOf(':');
    var socket =
        new Socket(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)));
    socket.setTcpNoDelay(true);
    open.add(socket);
    return socket;
  }

  void forget(Socket socket) {
    open.remove(socket);
  }

  String upstream() {
    return upstream;
  }

  boolean speaksTls() {
    return tls;
  }

  Link up() {
    return up;
  }

  Link down() {
    return down;
  }

  ExecutorService threads() {
    return threads;
  }

  /** Remembers a request and says what becomes of it. */
  Fault next(HttpHead request) {
    var came =
        new Asked(
            request.word(0),
            request.word(1),
            request.field("Authorization").orElse(""),
            request.field("Range").orElse(""));
    asked.add(came);
    for (var rule : rules) {
      if (rule.requests().matcher(came.line()).matches()) {
        var fault = take(rule);
        if (fault.isPresent()) {
          return fault.get();
        }
      }
    }
    return Fault.pass();
  }

  private static Optional<Fault> take(Rule rule) {
    synchronized (rule.left()) {
      return Optional.ofNullable(rule.lasting() ? rule.left().peek() : rule.left().poll());
    }
  }

  /** Waits until the proxy is closed. */
  void awaitEnd() {
    try {
      closed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Breaks all connections. */
  @Override
  public void close() throws IOException {
    closed.countDown();
    listener.close();
    for (var socket : open) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
