package dev.birgus.executor.layer;

import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The tar inside a layer's blob, plain or gzip as its first bytes say. The end is reported only if
 * all of it has the digest it must have, and the blob itself was read to its end.
 */
final class LayerBytes extends InputStream {

  private static final int GZIP = 0x1f8b;
  private static final long ZSTD = 0x28b52ffdL;

  private final BlobSource source;
  private final Digest diffId;
  private final MessageDigest computation;
  private final long limit;
  private final InputStream tar;
  private long count;
  private boolean verified;

  LayerBytes(InputStream blob, LayerStore.Progress progress, Digest diffId, long limit)
      throws IOException {
    this.diffId = diffId;
    this.computation = diffId.newComputation();
    this.limit = limit;
    var magic = blob.readNBytes(4);
    this.source =
        new BlobSource(new SequenceInputStream(new ByteArrayInputStream(magic), blob), progress);
    long first = 0;
    for (var b : magic) {
      first = (first << 8) | (b & 0xff);
    }
    if (first == ZSTD) {
      throw Failure.of(
              "layer-zstd-unsupported",
              "The layer " + diffId + " cannot be unpacked: zstd layers are not supported yet.",
              "Use an image whose layers are compressed with gzip.")
          .toException();
    }
    var isGzip = magic.length == 4 && first >> 16 == GZIP;
    this.tar = isGzip ? new GZIPInputStream(source, 64 * 1024) : source;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read;
    try {
      read = tar.read(bytes, offset, length);
    } catch (ZipException | EOFException e) {
      source.rethrow();
      // A blob changed on its way breaks the gzip first: its digest tells that from a bad image.
      source.drain();
      throw Failure.of(
              "layer-broken",
              "The layer " + diffId + " is no valid gzip: " + e.getMessage() + ".",
              "Push the image again.")
          .toException(e);
    }
    if (read < 0) {
      if (!verified) {
        verify();
        verified = true;
      }
      return -1;
    }
    computation.update(bytes, offset, read);
    count += read;
    if (count > limit) {
      throw Failure.of(
              "layer-too-large",
              "The layer " + diffId + " unpacks to more than " + limit + " bytes.",
              "If the image is right, raise the limit.")
          .toException();
    }
    return read;
  }

  private void verify() throws IOException {
    source.drain();
    var hex = java.util.HexFormat.of().formatHex(computation.digest());
    var actual = new Digest(diffId.algorithm(), hex);
    if (!actual.equals(diffId)) {
      throw new DigestMismatchException(diffId, actual);
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
