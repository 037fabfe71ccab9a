package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

/** What a stage is built on. */
public sealed interface StageBase {

  /** Nothing. */
  record Scratch() implements StageBase {}

  /** An image. */
  record OfImage(ResolvedImage image) implements StageBase {
    public OfImage {
      requireNonNull(image, "image");
    }
  }

  /** The result of another stage of the plan. */
  record OfStage(StageId stage) implements StageBase {
    public OfStage {
      requireNonNull(stage, "stage");
    }
  }
}
