package dev.birgus.infra.blobs;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process that begins a blob, says so with a dot, and never ends by itself. */
final class UnfinishedBlob {

  private UnfinishedBlob() {}

  public static void main(String[] arguments) throws Exception {
    try (var store = DirectoryBlobStore.open(Path.of(arguments[0]));
        var writer = store.create()) {
      writer.write(new byte[1000]);
      System.out.print('.');
      System.out.flush();
      new CountDownLatch(1).await();
    }
  }
}
