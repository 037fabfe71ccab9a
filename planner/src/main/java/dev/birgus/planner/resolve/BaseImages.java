package dev.birgus.planner.resolve;

import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.oci.Platform;

/** The images a Dockerfile names. */
public interface BaseImages {

  /**
   * Finds an image for a platform, its manifest and configuration verified.
   *
   * @param name as the Dockerfile wrote it
   * @throws dev.birgus.infra.contracts.FailureException if there is none, or it cannot be read
   */
  ResolvedImage resolve(String name, ImageSource source, Platform platform);
}
