package dev.birgus.pusher.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.pusher.upload.UploadSettings;

/**
 * How the pusher works.
 *
 * @param pushesAtOnce how many builds are delivered at once, 1 to 64
 * @param upload how images are uploaded
 * @param early whether layers are sent while later steps of their build still run
 * @param handsBack whether there may be other pushers: what is not done when this one ends is given
 *     back for them; else it has failed
 */
public record PusherSettings(
    int pushesAtOnce, UploadSettings upload, boolean early, boolean handsBack) {

  /** Two builds at once, their layers sent early. */
  public static final PusherSettings DEFAULT = new PusherSettings(2, UploadSettings.DEFAULT, true);

  /** The only pusher there is. */
  public PusherSettings(int pushesAtOnce, UploadSettings upload, boolean early) {
    this(pushesAtOnce, upload, early, false);
  }

  public PusherSettings {
    requireNonNull(upload, "upload");
    if (pushesAtOnce < 1 || pushesAtOnce > 64) {
      throw new IllegalArgumentException(
          "from 1 to 64 builds can be delivered at once, not " + pushesAtOnce);
    }
  }

  /** The same for a pusher among others. */
  public PusherSettings amongOthers() {
    return new PusherSettings(pushesAtOnce, upload, early, true);
  }
}
