package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Compression;
import dev.birgus.infra.oci.MediaType;
import java.util.Optional;

/**
 * How new layers are compressed. Layers of base images stay as they are.
 *
 * @param codec what compresses
 * @param level 1 (fastest) to the codec's highest (smallest); empty for our default
 */
public record LayerCompression(Codec codec, Optional<Integer> level) {

  /** What nobody asked to be different. */
  public static final LayerCompression DEFAULT = new LayerCompression(Codec.GZIP, Optional.empty());

  public LayerCompression {
    requireNonNull(codec, "codec");
    level.ifPresent(given -> {
      if (given < 1 || given > codec.highest) {
        throw new IllegalArgumentException(codec + " has no level " + given);
      }
    });
  }

  /** What compresses layers; each makes other bytes of the same tar. */
  public enum Codec {
    /** gzip by the JDK: the same bytes on every machine. */
    GZIP(Compression.GZIP, 4, 9),
    /** gzip by ISA-L, if it is installed; the bytes depend on its version and the processor. */
    GZIP_ISAL(Compression.GZIP, 1, 3),
    /** zstd: the same bytes wherever the version of the library is the same. */
    ZSTD(Compression.ZSTD, 3, 19);

    private final Compression compression;
    private final int usual;
    private final int highest;

    Codec(Compression compression, int usual, int highest) {
      this.compression = compression;
      this.usual = usual;
      this.highest = highest;
    }

    /** The format of what it makes. */
    public Compression compression() {
      return compression;
    }

    /** Its smallest and slowest level. */
    public int highestLevel() {
      return highest;
    }
  }

  /** The level to compress with. */
  public int effectiveLevel() {
    return level.orElse(codec.usual);
  }

  /** The type of the layers that come of it. */
  public MediaType mediaType() {
    return MediaType.ociLayer(codec.compression());
  }
}
