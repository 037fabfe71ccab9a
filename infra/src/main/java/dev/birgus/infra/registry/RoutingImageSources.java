package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.ImageIndex;
import dev.birgus.infra.oci.ImageReference;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Images from wherever they are: asks the registry, layout or archive a source names. */
public final class RoutingImageSources implements ImageSources {

  private static final int MAX_NESTING = 4;
  private static final long LARGEST_CONFIG = 8L << 20;

  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  private record Document(MediaType mediaType, byte[] bytes, Digest digest) {}

  /** Reads the documents of one place. */
  private interface Place {
    Document root() throws IOException;

    Document child(Descriptor descriptor) throws IOException;

    InputStream blob(Descriptor blob) throws IOException;
  }

  private final Registries registries;
  private final PullRoutes routes;
  private final Optional<ArchiveBlobs> archives;
  private final Journal journal;

  /**
   * Sources that pull from the registries that images name.
   *
   * @param journal told of images that are for another platform than asked for
   */
  public RoutingImageSources(Registries registries, Journal journal) {
    this(registries, PullRoutes.DIRECT, Optional.empty(), journal);
  }

  /**
   * Sources that pull from these registries and compress plain archives.
   *
   * @param routes which registries are asked in the place of others
   * @param archives where plain archives are compressed to, if anywhere
   * @param journal told of images that are for another platform than asked for, and of registries
   *     that did not have what they were asked for
   */
  public RoutingImageSources(
      Registries registries, PullRoutes routes, Optional<ArchiveBlobs> archives, Journal journal) {
    this.registries = requireNonNull(registries, "registries");
    this.routes = requireNonNull(routes, "routes");
    this.archives = requireNonNull(archives, "archives");
    this.journal = requireNonNull(journal, "journal");
  }

  @Override
  public ResolvedImage resolve(String name, ImageSource source, Platform platform)
      throws IOException {
    return switch (source) {
      case ImageSource.FromRootfsArchive(var path) ->
          new RootfsArchive(Path.of(path), archives).resolve(name);
      case ImageSource.FromRegistry from -> resolve(name, from, platform);
      case ImageSource.FromLayout(var path, var tag) ->
          resolve(name, source, platform, new LayoutPlace(new OciLayout(Path.of(path)), tag));
    };
  }

  @Override
  public InputStream open(ImageSource source, Descriptor blob) throws IOException {
    return switch (source) {
      case ImageSource.FromRootfsArchive(var path) ->
          new RootfsArchive(Path.of(path), archives).open(blob);
      case ImageSource.FromRegistry from -> new RegistryPlace(from).blob(blob);
      case ImageSource.FromLayout(var path, _) -> new OciLayout(Path.of(path)).open(blob);
    };
  }

  /**
   * Asks the places of an image one after the other. The image found names the place it was found
   * in as its source, so that its layers come from there too.
   */
  private ResolvedImage resolve(String name, ImageSource.FromRegistry source, Platform platform)
      throws IOException {
    var wanted = source.reference();
    var mapped = routes.mapped(wanted);
    for (var reference : mapped) {
      try {
        return fromRegistry(name, reference, platform);
      } catch (InterruptedIOException interrupted) {
        throw interrupted;
      } catch (IOException refused) {
        journal.log(
            Journal.Level.WARN,
            "a mapped registry did not give the image, going on to the next",
            Map.of(
                "image",
                reference.toString(),
                LogKeys.ERROR,
                String.valueOf(refused.getMessage())));
      }
    }
    if (!mapped.isEmpty() && !routes.fallback()) {
      throw failure(
          "image-not-found",
          name,
          "image not found on any configured mapped registries for " + wanted,
          "leave --skip-default-registry-fallback out to ask " + wanted.registry() + " too");
    }
    return fromRegistry(name, wanted, platform);
  }

  private ResolvedImage fromRegistry(String name, ImageReference reference, Platform platform)
      throws IOException {
    var source = new ImageSource.FromRegistry(reference);
    return resolve(name, source, platform, new RegistryPlace(source));
  }

  private ResolvedImage resolve(String name, ImageSource source, Platform platform, Place place)
      throws IOException {
    var document = place.root();
    for (var level = 0; isIndex(document); level++) {
      var index = parsedIndex(name, document);
      var chosen = PlatformChoice.choose(index, platform);
      if (chosen.isEmpty() || level == MAX_NESTING) {
        throw failure(
            "platform-not-found",
            name,
            "there is no image for " + platform,
            "it is there for: " + String.join(", ", PlatformChoice.offered(index)));
      }
      document = place.child(chosen.get());
    }
    refuseOtherFormats(name, document);
    try {
      var manifest = Manifest.parse(document.bytes(), document.mediaType());
      var config = config(name, place, manifest.config());
      warnOfOtherPlatform(name, config, platform);
      return new ResolvedImage(name, source, document.digest(), manifest, config);
    } catch (JsonSyntaxException | IllegalArgumentException broken) {
      throw failure("image-invalid", name, "its manifest is broken: " + broken.getMessage(), "");
    }
  }

  private static boolean isIndex(Document document) {
    return document.mediaType().isIndex();
  }

  private static ImageIndex parsedIndex(String name, Document document) throws IOException {
    try {
      return ImageIndex.parse(document.bytes(), document.mediaType());
    } catch (JsonSyntaxException | IllegalArgumentException broken) {
      throw failure("image-invalid", name, "its index is broken: " + broken.getMessage(), "");
    }
  }

  private static void refuseOtherFormats(String name, Document document) throws IOException {
    var type = document.mediaType();
    if (type.value().contains("distribution.manifest.v1") || hasSchemaVersion1(document)) {
      throw failure(
          "image-format-unsupported",
          name,
          "it is in Docker's image format schema 1, which is not supported",
          "push the image again with a current tool");
    }
    if (!type.isManifest()) {
      throw failure(
          "image-format-unsupported", name, "\"" + type + "\" is not the type of an image", "");
    }
  }

  private static boolean hasSchemaVersion1(Document document) {
    try {
      return JsonText.parseObject(document.bytes()).number("schemaVersion").orElse(2L) == 1;
    } catch (JsonSyntaxException _) {
      return false;
    }
  }

  private static ImageConfig config(String name, Place place, Descriptor descriptor)
      throws IOException {
    if (descriptor.size() > LARGEST_CONFIG) {
      throw failure("image-invalid", name, "its configuration is larger than 8 MiB", "");
    }
    try (var input = place.blob(descriptor)) {
      return ImageConfig.parse(input.readAllBytes());
    }
  }

  /** A single manifest is taken as it is, as every builder does; that it is odd is worth a line. */
  private void warnOfOtherPlatform(String name, ImageConfig config, Platform wanted) {
    var platform = config.platform();
    if (platform.isPresent() && !PlatformChoice.serves(platform.get(), wanted)) {
      journal.log(
          Journal.Level.WARN,
          "the image is for another platform than the one asked for",
          Map.of(
              "image", name, "platform", platform.get().toString(), "wanted", wanted.toString()));
    }
  }

  private static RegistryException failure(
      String name, String image, String reason, String advice) {
    return new RegistryException(
        Failure.of(name, "cannot use the image " + image + ": " + reason, advice));
  }

  private final class RegistryPlace implements Place {
    private final ImageSource.FromRegistry source;
    private final Registry registry;
    private final String repository;

    RegistryPlace(ImageSource.FromRegistry source) {
      this.source = source;
      this.registry = registries.pull(source.reference().registry());
      this.repository = source.reference().repository();
    }

    @Override
    public Document root() throws IOException {
      return fetch(source.reference().digestOrTag());
    }

    @Override
    public Document child(Descriptor descriptor) throws IOException {
      return fetch(descriptor.digest().toString());
    }

    private Document fetch(String reference) throws IOException {
      var found =
          registry
              .manifest(repository, reference)
              .orElseThrow(() ->
                  failure(
                      "image-not-found",
                      source.reference().repositoryName()
                          + (reference.contains(":") ? "@" : ":")
                          + reference,
                      "the registry does not have it",
                      "check the name and the tag"));
      return new Document(found.mediaType(), found.bytes(), found.digest());
    }

    @Override
    public InputStream blob(Descriptor blob) throws IOException {
      return registry.blob(repository, blob);
    }
  }

  private record LayoutPlace(OciLayout layout, String tag) implements Place {
    @Override
    public Document root() throws IOException {
      return child(layout.find(tag));
    }

    @Override
    public Document child(Descriptor descriptor) throws IOException {
      return new Document(descriptor.mediaType(), layout.document(descriptor), descriptor.digest());
    }

    @Override
    public InputStream blob(Descriptor blob) throws IOException {
      return layout.open(blob);
    }
  }
}
