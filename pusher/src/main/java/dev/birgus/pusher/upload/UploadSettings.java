package dev.birgus.pusher.upload;

/**
 * How images are uploaded.
 *
 * @param parallelBlobs how many blobs go to one registry at once, 1 to 64
 * @param ignoreImmutableTags whether a registry's refusal to overwrite an immutable tag counts as
 *     success
 */
public record UploadSettings(int parallelBlobs, boolean ignoreImmutableTags) {

  /** Four blobs at once; an immutable tag is a failure. */
  public static final UploadSettings DEFAULT = new UploadSettings(4, false);

  public UploadSettings {
    if (parallelBlobs < 1 || parallelBlobs > 64) {
      throw new IllegalArgumentException(
          "from 1 to 64 blobs can go to a registry at once, not " + parallelBlobs);
    }
  }
}
