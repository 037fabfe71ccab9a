package dev.birgus.infra.blobs.s3;

import dev.birgus.infra.blobs.BulkInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;

/** An object whose rest is not read, however large, when it is closed before its end. */
final class AbortedAtTheEnd extends BulkInputStream {

  private final ResponseInputStream<?> response;
  private boolean ended;

  AbortedAtTheEnd(ResponseInputStream<?> response) {
    this.response = response;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    var count = response.read(bytes, offset, length);
    ended |= count < 0;
    return count;
  }

  @Override
  public void close() throws IOException {
    if (ended) {
      response.close();
    } else {
      response.abort();
    }
  }
}
