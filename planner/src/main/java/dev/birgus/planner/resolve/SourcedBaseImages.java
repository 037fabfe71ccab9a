package dev.birgus.planner.resolve;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.DigestMismatchException;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.registry.ImageSources;
import dev.birgus.infra.registry.RegistryException;
import java.io.IOException;

/** Looks images up where their source says. */
public final class SourcedBaseImages implements BaseImages {

  private final ImageSources sources;

  /** Images of these sources. */
  public SourcedBaseImages(ImageSources sources) {
    this.sources = requireNonNull(sources, "sources");
  }

  @Override
  public ResolvedImage resolve(String name, ImageSource source, Platform platform) {
    try {
      return sources.resolve(name, source, platform);
    } catch (RegistryException refused) {
      throw refused.failure().toException(refused);
    } catch (StorageException full) {
      throw full.failure().toException(full);
    } catch (DigestMismatchException corrupt) {
      throw Failure.of(
              "image-corrupt",
              "the image " + name + " is corrupt: " + corrupt.getMessage(),
              "Try again. If it stays so, the registry, or what is between it and us, has a broken"
                  + " copy: push the image again.")
          .toException(corrupt);
    } catch (IOException broken) {
      throw Failure.of(
              "image-unreadable",
              "the image " + name + " cannot be read: " + broken.getMessage(),
              "check that it is there and whole, and try again")
          .toException(broken);
    }
  }
}
