package dev.birgus.infra.registry;

import dev.birgus.infra.blobs.BulkInputStream;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Content of which size and digest are known only when it has been read. */
final class MeasuredContent implements Registry.BlobContent {

  private final Registry.BlobContent source;
  private volatile @Nullable Measure last;

  MeasuredContent(Registry.BlobContent source) {
    this.source = source;
  }

  @Override
  public InputStream open() throws IOException {
    var measure = new Measure(source.open());
    last = measure;
    return measure;
  }

  /** What was read last, from its beginning to its end. */
  Descriptor measured(MediaType mediaType) throws IOException {
    var measure = last;
    if (measure == null || !measure.ended) {
      throw new IOException("the upload ended before its content did");
    }
    var hash = HexFormat.of().formatHex(measure.computation.digest());
    return Descriptor.of(mediaType, Digest.parse("sha256:" + hash), measure.size);
  }

  private static final class Measure extends BulkInputStream {
    private final InputStream source;
    private final MessageDigest computation = Digest.sha256(new byte[0]).newComputation();
    private long size;
    private volatile boolean ended;

    Measure(InputStream source) {
      this.source = source;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      var n = source.read(buffer, offset, length);
      if (n < 0) {
        ended = true;
      } else {
        computation.update(buffer, offset, n);
        size += n;
      }
      return n;
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
