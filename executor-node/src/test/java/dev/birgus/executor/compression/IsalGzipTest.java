package dev.birgus.executor.compression;

import dev.birgus.infra.contracts.LayerCompression.Codec;
import dev.birgus.infra.testkit.Need;
import org.junit.jupiter.api.BeforeAll;

/** gzip as ISA-L makes it, where that is installed. */
class IsalGzipTest implements GzipContract {

  @BeforeAll
  static void needsTheLibrary() {
    Need.installed(CompressionTests.isalIsInstalled(), "libisal2");
  }

  @Override
  public Codec codec() {
    return Codec.GZIP_ISAL;
  }
}
