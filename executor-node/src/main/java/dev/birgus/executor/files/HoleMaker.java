package dev.birgus.executor.files;

import java.io.IOException;

/** A file being written that can have holes: bytes that read as zeros and take no room. */
public interface HoleMaker {

  /** Goes on behind a hole of so many bytes. */
  void hole(long length) throws IOException;
}
