package dev.birgus.pusher.upload;

/**
 * Asked right before a manifest is written, and so before a tag is moved: with several pushers, one
 * that was frozen may wake up when another has its work already.
 */
@FunctionalInterface
public interface Fence {

  /** Where there is one pusher. */
  Fence OPEN = () -> {};

  /**
   * Returns if the write may be made.
   *
   * @throws InterruptedException if it may not, because another pusher makes it, or nobody is to
   */
  void pass() throws InterruptedException;
}
