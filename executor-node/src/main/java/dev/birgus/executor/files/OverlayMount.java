package dev.birgus.executor.files;

import java.nio.file.Path;

/** A mounted overlay: the merged tree, and the directory that takes what is written to it. */
public interface OverlayMount extends AutoCloseable {

  /** Where the merged tree is mounted. */
  Path merged();

  /** The upper directory; empty of entries until something is written. */
  Path upper();

  /** Unmounts, if need be lazily. The upper directory stays. */
  @Override
  void close();
}
