package dev.birgus.executor.files;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A network with nothing in it but a loopback interface; it is there while this is open. */
public final class NetworkNamespace implements AutoCloseable {

  private static final int CLONE_NEWNET = 0x40000000;
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final short IFF_UP = 1;

  private final OpenFile file;

  private NetworkNamespace(OpenFile file) {
    this.file = file;
  }

  /**
   * Makes a network.
   *
   * @throws IOException if the kernel refuses
   */
  public static NetworkNamespace make() throws IOException, InterruptedException {
    var made = new AtomicReference<@Nullable Object>();
    // A thread that has gone in is good for nothing else: threads it makes would be in as well.
    var inside = Thread.ofPlatform().name("birgus-network").start(() -> made.set(enter()));
    inside.join();
    return switch (made.get()) {
      case OpenFile file -> new NetworkNamespace(file);
      case IOException refused ->
          throw new IOException("the kernel makes no network: " + refused.getMessage(), refused);
      case null, default -> throw new IllegalStateException("the thread died");
    };
  }

  private static Object enter() {
    try {
      LinuxFileSystem.check(Linux.unshare(CLONE_NEWNET), "unshare");
      var fd = Linux.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC);
      try (var socket = new OpenFile(LinuxFileSystem.check(fd, "socket"))) {
        LinuxFileSystem.check(Linux.setInterfaceFlags(socket.fd(), "lo", IFF_UP), "lo");
      }
      var path = FileNames.encode("/proc/thread-self/ns/net");
      return new OpenFile(
          LinuxFileSystem.check(Linux.open(Linux.AT_FDCWD, path, Linux.O_RDONLY), "network"));
    } catch (IOException refused) {
      return refused;
    }
  }

  /** Where another process can open it. */
  public String path() {
    return "/proc/" + ProcessHandle.current().pid() + "/fd/" + file.fd();
  }

  @Override
  public void close() {
    file.close();
  }
}
