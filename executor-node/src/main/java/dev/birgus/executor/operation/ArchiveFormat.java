package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.layer.TarReader;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/** How a tar archive is compressed, found out from its first bytes. */
enum ArchiveFormat {
  PLAIN,
  GZIP,
  BZIP2;

  /** Bytes an extended header of a tar may have. */
  static final int EXTENDED_LIMIT = 1024 * 1024;

  private static final int LONGEST_MAGIC = 6;
  private static final int BUFFER = 64 * 1024;

  /**
   * The format of an archive; empty if the file is none, be it compressed or not.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code not-supported-yet} for compressions
   *     we cannot look into
   */
  static Optional<ArchiveFormat> of(FileSystem files, String path, String name) throws IOException {
    byte[] start;
    try (var file = files.read(path)) {
      start = file.readNBytes(LONGEST_MAGIC);
    }
    var format = compression(start, name);
    try {
      return isTar(format.open(files, path)) ? Optional.of(format) : Optional.empty();
    } catch (IOException damaged) {
      return Optional.empty(); // As docker has it: what cannot be unpacked is copied.
    }
  }

  /** The tar inside. */
  InputStream open(FileSystem files, String path) throws IOException {
    var file = files.read(path);
    try {
      return switch (this) {
        case PLAIN -> new BufferedInputStream(file, BUFFER);
        case GZIP -> new GZIPInputStream(file, BUFFER);
        case BZIP2 -> new BZip2CompressorInputStream(new BufferedInputStream(file, BUFFER), true);
      };
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
  }

  private static ArchiveFormat compression(byte[] start, String name) {
    if (startsWith(start, 0x1f, 0x8b)) {
      return GZIP;
    }
    if (startsWith(start, 'B', 'Z', 'h')) {
      return BZIP2;
    }
    if (startsWith(start, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      throw notSupported(name, "xz");
    }
    if (startsWith(start, 0x28, 0xb5, 0x2f, 0xfd)) {
      throw notSupported(name, "zstd");
    }
    return PLAIN;
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

  private static boolean isTar(InputStream content) throws IOException {
    try (var tar = new TarReader(content, EXTENDED_LIMIT)) {
      return tar.next().isPresent();
    } catch (FailureException failed) {
      // An entry we cannot unpack is one nevertheless, and refused when its turn comes.
      return failed.failure().name().equals("tar-entry-unsupported");
    }
  }

  private static RuntimeException notSupported(String name, String compression) {
    return Failure.of(
            "not-supported-yet",
            "ADD of " + name + ": " + compression + " archives are not supported yet",
            "use gzip, or COPY the file and unpack it in a RUN")
        .toException();
  }
}
