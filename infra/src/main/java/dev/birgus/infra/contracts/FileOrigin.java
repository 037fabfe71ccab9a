package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

/** Whose files a COPY or ADD takes. */
public sealed interface FileOrigin {

  /** The build context, or a named one that is a directory. */
  record Context(ContextRef context) implements FileOrigin {
    public Context {
      requireNonNull(context, "context");
    }
  }

  /** Another stage of the plan. */
  record FromStage(StageId stage) implements FileOrigin {
    public FromStage {
      requireNonNull(stage, "stage");
    }
  }

  /** An image that is no stage. */
  record FromImage(ResolvedImage image) implements FileOrigin {
    public FromImage {
      requireNonNull(image, "image");
    }
  }
}
