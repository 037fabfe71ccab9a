package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.ContextRef;

/** What a name in FROM or {@code --from} stands for. */
public sealed interface Reference {

  /** The empty image. */
  record Scratch() implements Reference {}

  /**
   * An earlier stage.
   *
   * @param index its number in the Dockerfile, from 0
   */
  record ToStage(int index) implements Reference {}

  /** An image. */
  record ToImage(ImageWish wish) implements Reference {}

  /** A named context that is a directory of files. */
  record ToFiles(ContextRef context) implements Reference {}
}
