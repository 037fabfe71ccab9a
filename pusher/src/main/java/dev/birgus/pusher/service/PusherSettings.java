package dev.birgus.pusher.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.pusher.upload.UploadSettings;

/**
 * How the pusher works.
 *
 * @param pushesAtOnce how many builds are delivered at once, 1 to 64
 * @param upload how images are uploaded
 */
public record PusherSettings(int pushesAtOnce, UploadSettings upload) {

  /** Two builds at once. */
  public static final PusherSettings DEFAULT = new PusherSettings(2, UploadSettings.DEFAULT);

  public PusherSettings {
    requireNonNull(upload, "upload");
    if (pushesAtOnce < 1 || pushesAtOnce > 64) {
      throw new IllegalArgumentException(
          "from 1 to 64 builds can be delivered at once, not " + pushesAtOnce);
    }
  }
}
