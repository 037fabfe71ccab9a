package dev.birgus.infra.http;

import dev.birgus.infra.blobs.BulkInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The body of an answer. When it has been read its connection is free for others. */
final class ResponseBody extends BulkInputStream {

  private final InputStream content;
  private final Runnable giveUp;
  private long rest;

  /**
   * A body that has not been read.
   *
   * @param length how many bytes it has; negative if that shows when it ends
   * @param giveUp breaks the connection if it is not free
   */
  ResponseBody(InputStream content, long length, Runnable giveUp) {
    this.content = content;
    this.giveUp = giveUp;
    this.rest = length < 0 ? Long.MAX_VALUE : length;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      var n = content.read(bytes, offset, length);
      rest -= Math.max(0, n);
      if (rest == 0) {
        // Only who has seen the end gives the connection back, and not everybody looks.
        var end = content.read();
        rest = end < 0 ? -1 : rest;
      }
      return n;
    } catch (IOException broken) {
      throw BrokenConnection.told(broken);
    }
  }

  @Override
  public void close() {
    giveUp.run();
  }
}
