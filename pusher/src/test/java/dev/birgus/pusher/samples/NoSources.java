package dev.birgus.pusher.samples;

import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.registry.ImageSources;
import java.io.IOException;
import java.io.InputStream;

/** Has no images: all layers are in the store. */
public final class NoSources implements ImageSources {

  @Override
  public ResolvedImage resolve(String name, ImageSource source, Platform platform)
      throws IOException {
    throw new IOException("there is no image " + name);
  }

  @Override
  public InputStream open(ImageSource source, Descriptor blob) throws IOException {
    throw new IOException("there is no blob " + blob.digest());
  }
}
