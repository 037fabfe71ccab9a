package dev.birgus.infra.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** A client's connection to a {@link FaultProxy}: request after request, each with its fault. */
final class ProxiedConnection {

  private static final int BUFFER = 1 << 14;

  private final FaultProxy proxy;
  private final Socket client;
  private final InputStream input;
  private final OutputStream output;

  ProxiedConnection(Socket client, FaultProxy proxy) throws IOException {
    this.client = client;
    this.proxy = proxy;
    this.input = new BufferedInputStream(client.getInputStream(), BUFFER);
    this.output = client.getOutputStream();
  }

  void serve() throws IOException {
    var usable = true;
    while (usable) {
      var request = HttpHead.read(input);
      usable = request.isPresent() && exchange(request.get());
    }
  }

  /** Whether the connection is good for another request. */
  private boolean exchange(HttpHead request) throws IOException {
    return switch (proxy.next(request)) {
      case Fault.Reply reply -> {
        HttpContent.ofRequest(request).decoded(input).transferTo(OutputStream.nullOutputStream());
        answer(reply, request.word(0));
        yield true;
      }
      case Fault.NoAnswer _ -> {
        proxy.awaitEnd();
        yield false;
      }
      case Fault.Divert divert -> forward(request, divert.place(), divert);
      case Fault.Pass fault -> forward(request, proxy.upstream(), fault);
      case Fault.CutRequest fault -> forward(request, proxy.upstream(), fault);
      case Fault.StallRequest fault -> forward(request, proxy.upstream(), fault);
      case Fault.CutAnswer fault -> forward(request, proxy.upstream(), fault);
      case Fault.StallAnswer fault -> forward(request, proxy.upstream(), fault);
      case Fault.LostAnswer fault -> forward(request, proxy.upstream(), fault);
      case Fault.ChangeBody fault -> forward(request, proxy.upstream(), fault);
      case Fault.ChangeHeader fault -> forward(request, proxy.upstream(), fault);
    };
  }

  private void answer(Fault.Reply reply, String method) throws IOException {
    var text = new StringBuilder("HTTP/1.1 " + reply.status() + " As Told\r\n");
    for (var i = 0; i < reply.headers().size(); i += 2) {
      text.append(reply.headers().get(i)).append(": ").append(reply.headers().get(i + 1));
      text.append("\r\n");
    }
    text.append("Content-Length: ").append(reply.bytes().length).append("\r\n\r\n");
    output.write(text.toString().getBytes(ISO_8859_1));
    if (!method.equals("HEAD")) {
      output.write(reply.bytes());
    }
    output.flush();
  }

  private boolean forward(HttpHead request, String place, Fault fault) throws IOException {
    var server = proxy.connect(place);
    try (server) {
      var head = request.with("Connection", "close");
      server
          .getOutputStream()
          .write((proxy.speaksTls() ? head.with("X-Forwarded-Proto", "https") : head).toBytes());
      var sending = proxy.threads().submit(() -> send(request, server, fault));
      var usable = giveBack(request, server, fault);
      return finished(sending) && usable;
    } finally {
      proxy.forget(server);
    }
  }

  private static boolean finished(Future<Boolean> sending) throws IOException {
    try {
      return sending.get();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException failed) {
      throw new IOException(failed.getCause());
    }
  }

  /** Carries what the client sends; whether that came to its end. */
  private boolean send(HttpHead request, Socket server, Fault fault) throws IOException {
    var content = HttpContent.ofRequest(request);
    var source = content.decoded(input);
    var limit = fault.limitOf(true).orElse(Long.MAX_VALUE);
    var buffer = new byte[BUFFER];
    var sent = 0L;
    var broken = false;
    while (sent < limit) {
      var n = source.read(buffer, 0, (int) Math.min(buffer.length, limit - sent));
      if (n < 0) {
        if (!broken) {
          content.finish(server.getOutputStream());
        }
        return true;
      }
      proxy.up().carry(n);
      sent += n;
      try {
        // What a registry that has answered already does not want is taken off the client still.
        if (!broken) {
          content.write(server.getOutputStream(), buffer, n);
        }
      } catch (IOException _) {
        broken = true;
      }
    }
    breakOff(server, fault);
    return false;
  }

  private void breakOff(Socket server, Fault fault) throws IOException {
    if (fault.stalls()) {
      proxy.awaitEnd();
    }
    try (client) {
      server.close();
    }
  }

  /** Carries the answer; whether the connection is good for another one. */
  private boolean giveBack(HttpHead request, Socket server, Fault fault) throws IOException {
    var wire = new BufferedInputStream(server.getInputStream(), BUFFER);
    var head = HttpHead.read(wire);
    while (head.isPresent() && head.get().word(1).startsWith("1")) {
      output.write(head.get().toBytes());
      head = HttpHead.read(wire);
    }
    if (head.isEmpty()) {
      return false;
    }
    var content = HttpContent.ofAnswer(head.get(), request.word(0));
    var answer = head.get().without("Connection");
    return switch (fault) {
      case Fault.LostAnswer _ -> {
        content.decoded(wire).transferTo(OutputStream.nullOutputStream());
        yield false;
      }
      case Fault.ChangeBody(var change) -> {
        var bytes = change.apply(content.decoded(wire).readAllBytes());
        var length = Integer.toString(bytes.length);
        output.write(answer.without("Transfer-Encoding").with("Content-Length", length).toBytes());
        output.write(bytes);
        yield true;
      }
      case Fault.ChangeHeader(var name, var change) -> {
        var changed = change.apply(answer.field(name).orElse(""));
        yield copy(answer.with(name, changed), content, wire, fault);
      }
      default -> copy(answer, content, wire, fault);
    };
  }

  private boolean copy(HttpHead head, HttpContent content, InputStream wire, Fault fault)
      throws IOException {
    output.write(head.toBytes());
    var source = content.decoded(wire);
    var limit = fault.limitOf(false).orElse(Long.MAX_VALUE);
    var buffer = new byte[BUFFER];
    for (var sent = 0L; sent < limit; ) {
      var n = source.read(buffer, 0, (int) Math.min(buffer.length, limit - sent));
      if (n < 0) {
        content.finish(output);
        return !(content instanceof HttpContent.UntilClosed);
      }
      proxy.down().carry(n);
      content.write(output, buffer, n);
      sent += n;
    }
    output.flush();
    if (fault.stalls()) {
      proxy.awaitEnd();
    }
    return false;
  }
}
