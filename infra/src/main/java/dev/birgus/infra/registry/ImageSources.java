package dev.birgus.infra.registry;

import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Platform;
import java.io.IOException;
import java.io.InputStream;

/** Images to build on, wherever they are: a registry, a layout directory, an archive. */
public interface ImageSources {

  /**
   * Finds the image for a platform and reads its manifest and configuration, verified.
   *
   * @param name as the user wrote it, for messages and the result
   * @throws RegistryException if there is no such image, or none for the platform
   */
  ResolvedImage resolve(String name, ImageSource source, Platform platform) throws IOException;

  /** Reads a blob of an image. The stream ends only when size and digest are right. */
  InputStream open(ImageSource source, Descriptor blob) throws IOException;
}
