package dev.birgus.executor.compression;

import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.LayerCompression.Codec;

/** What tests of compression ask of the machine. */
public final class CompressionTests {

  private CompressionTests() {}

  /** Whether there is ISA-L on this machine. */
  public static boolean isalIsInstalled() {
    try {
      LayerCompressor.require(Codec.GZIP_ISAL);
      return true;
    } catch (FailureException missing) {
      return false;
    }
  }
}
