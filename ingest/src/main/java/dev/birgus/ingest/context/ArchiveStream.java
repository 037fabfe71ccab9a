package dev.birgus.ingest.context;

import dev.birgus.infra.contracts.Failure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Takes the compression off a tar, whichever it is, by its first bytes. */
final class ArchiveStream {

  private static final int BUFFER = 1 << 16;

  private ArchiveStream() {}

  /**
   * The tar inside.
   *
   * @param name of the archive, for messages
   * @throws dev.birgus.infra.contracts.FailureException if it is empty, or compressed in a way we
   *     cannot read
   */
  static InputStream decompressed(InputStream archive, String name) throws IOException {
    var buffered = new BufferedInputStream(archive, BUFFER);
    buffered.mark(6);
    var magic = buffered.readNBytes(6);
    buffered.reset();
    if (magic.length == 0) {
      throw Failure.of(
              "empty-archive",
              "the build context " + name + " is empty: no data found",
              "Pipe a tar in, as in: tar -cz . | birgus build --context tar://stdin; with docker"
                  + " run or kubectl run add the '--interactive, -i' flag.")
          .toException();
    }
    if (startsWith(magic, 0x1f, 0x8b)) {
      return new BufferedInputStream(gunzipped(buffered), BUFFER);
    }
    if (startsWith(magic, 'B', 'Z', 'h')) {
      return new BufferedInputStream(new BZip2CompressorInputStream(buffered, true), BUFFER);
    }
    if (startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      throw notSupported(name, "xz");
    }
    if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
      throw notSupported(name, "zstd");
    }
    return buffered;
  }

  private static RuntimeException notSupported(String name, String compression) {
    return Failure.of(
            "compression-not-supported",
            "the build context "
                + name
                + " is compressed with "
                + compression
                + ", which is not supported yet",
            "Compress it with gzip or bzip2, or not at all.")
        .toException();
  }

  /**
   * The JDK's own class can take the end of one gzip member on a slow pipe for the end of all. The
   * builder that replaces this constructor would make commons-io a dependency of ours.
   */
  @SuppressWarnings("deprecation")
  private static InputStream gunzipped(InputStream gzip) throws IOException {
    return new GzipCompressorInputStream(gzip, true);
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    if (bytes.length < magic.length) {
      return false;
    }
    for (var i = 0; i < magic.length; i++) {
      if ((bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
