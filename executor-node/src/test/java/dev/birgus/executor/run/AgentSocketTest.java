package dev.birgus.executor.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.birgus.executor.files.FileAttributes;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentSocketTest {

  private static final FileAttributes ATTRIBUTES =
      new FileAttributes(0640, 1234, 77, 0, Collections.emptySortedMap());

  @TempDir Path folder = Path.of("");

  @BeforeEach
  void needRoot() {
    BusyboxRoot.assume();
  }

  /** Answers one connection in capitals. */
  private static Thread capitals(ServerSocketChannel server) {
    return Thread.ofVirtual()
        .start(() -> {
          try (var connection = server.accept()) {
            var text = new String(Channels.newInputStream(connection).readAllBytes(), UTF_8);
            connection.write(ByteBuffer.wrap(text.toUpperCase(Locale.ROOT).getBytes(UTF_8)));
          } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
          }
        });
  }

  @Test
  void whatIsSentReachesTheAgentAndItsAnswerComesBack() throws Exception {
    // given
    var deep = Files.createDirectories(folder.resolve("d".repeat(60)).resolve("e".repeat(60)));
    var agent = folder.resolve("real");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(agent));
      var answering = capitals(server);
      try (var socket = AgentSocket.listen(deep, agent, ATTRIBUTES);
          var near = dev.birgus.executor.files.ShortPath.of(deep)) {
        // when
        String answer;
        try (var client = SocketChannel.open(UnixDomainSocketAddress.of(near.resolve("agent")))) {
          client.write(ByteBuffer.wrap("list keys".getBytes(UTF_8)));
          client.shutdownOutput();
          answer = new String(Channels.newInputStream(client).readAllBytes(), UTF_8);
        }

        // then
        assertThat(answer).isEqualTo("LIST KEYS");
        assertThat(Files.getAttribute(socket.path(), "unix:uid")).isEqualTo(1234);
        assertThat((int) Files.getAttribute(socket.path(), "unix:mode") & 07777).isEqualTo(0640);
      }
      answering.join();
    }
  }

  @Test
  void aConnectionEndsWhenTheStepDoes() throws Exception {
    var own = Files.createDirectory(folder.resolve("own"));
    var agent = folder.resolve("real");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(agent));
      var socket = AgentSocket.listen(own, agent, ATTRIBUTES);
      try (var client = SocketChannel.open(UnixDomainSocketAddress.of(own.resolve("agent")));
          var upstream = server.accept()) {
        assertThat(upstream.isOpen()).isTrue();

        socket.close();

        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      }
    }
  }
}
