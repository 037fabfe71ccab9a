package dev.birgus.planner.plan;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.oci.Platform;
import java.util.Optional;

/**
 * An image a build needs to know before it can be planned.
 *
 * @param name as the Dockerfile wrote it, variables expanded
 * @param source where it is
 * @param platform which of its platforms is wanted
 * @param at the instruction that needs it
 * @param remark what to say if there is no such image; empty for nothing special
 */
public record ImageWish(
    String name,
    ImageSource source,
    Platform platform,
    SourceLocation at,
    Optional<String> remark) {

  public ImageWish {
    requireNonNull(name, "name");
    requireNonNull(source, "source");
    requireNonNull(platform, "platform");
    requireNonNull(at, "at");
    requireNonNull(remark, "remark");
  }

  /** What the image is looked up by: two wishes with one key are the same image. */
  public Key key() {
    return new Key(source, platform);
  }

  /** An image, whoever needs it. */
  public record Key(ImageSource source, Platform platform) {}
}
