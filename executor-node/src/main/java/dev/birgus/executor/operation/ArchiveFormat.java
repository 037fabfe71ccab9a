package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.layer.Decompression;
import dev.birgus.executor.layer.TarReader;
import dev.birgus.infra.contracts.FailureException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** How a tar archive is compressed, found out from its first bytes. */
enum ArchiveFormat {
  PLAIN,
  GZIP,
  BZIP2,
  XZ,
  ZSTD;

  /** Bytes an extended header of a tar may have. */
  static final int EXTENDED_LIMIT = 1024 * 1024;

  private static final int LONGEST_MAGIC = 6;
  private static final int BUFFER = 64 * 1024;

  /**
   * The format of an archive; empty if the file is none, be it compressed or not.
   *
   * @throws dev.birgus.infra.contracts.FailureException if its compression cannot be undone here
   */
  static Optional<ArchiveFormat> of(FileSystem files, String path) throws IOException {
    byte[] start;
    try (var file = files.read(path)) {
      start = file.readNBytes(LONGEST_MAGIC);
    }
    var format = compression(start);
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
        case GZIP -> Decompression.gzip(file);
        case BZIP2 -> Decompression.bzip2(file);
        case XZ -> Decompression.xz(file);
        case ZSTD -> Decompression.zstd(new BufferedInputStream(file, BUFFER));
      };
    } catch (IOException | RuntimeException failed) {
      file.close();
      throw failed;
    }
  }

  private static ArchiveFormat compression(byte[] start) {
    if (startsWith(start, 0x1f, 0x8b)) {
      return GZIP;
    }
    if (startsWith(start, 'B', 'Z', 'h')) {
      return BZIP2;
    }
    if (startsWith(start, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return XZ;
    }
    if (startsWith(start, 0x28, 0xb5, 0x2f, 0xfd)) {
      return ZSTD;
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
}
