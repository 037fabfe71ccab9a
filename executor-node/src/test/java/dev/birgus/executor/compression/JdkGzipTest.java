package dev.birgus.executor.compression;

import dev.birgus.infra.contracts.LayerCompression.Codec;

/** gzip as the JDK makes it. */
class JdkGzipTest implements GzipContract {

  @Override
  public Codec codec() {
    return Codec.GZIP;
  }
}
