package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.VerifiedInputStream;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageIndex;
import dev.birgus.infra.oci.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An image layout directory that is read (OCI image layout 1.0). */
public final class OciLayout {

  private static final int LARGEST_DOCUMENT = 4 << 20;
  private static final String NAME = "org.opencontainers.image.ref.name";
  private static final String FULL_NAME = "io.containerd.image.name";

  private final Path directory;

  /** The layout in this directory, which is looked at when something is read. */
  public OciLayout(Path directory) {
    this.directory = requireNonNull(directory, "directory");
  }

  /**
   * The manifest or index of this name.
   *
   * @param tag the reference name in the layout's index, or a digest; empty for {@code latest}, or
   *     the only one there is
   * @throws RegistryException if there is none, or more than one
   */
  public Descriptor find(String tag) throws IOException {
    var entries = index().manifests();
    if (tag.contains(":")) {
      return byDigest(Digest.parse(tag), entries);
    }
    if (tag.isEmpty() && entries.size() > 1) {
      var latest = entries.stream().filter(each -> isNamed(each, "latest")).toList();
      if (latest.size() == 1) {
        return latest.getFirst();
      }
    }
    var matching =
        tag.isEmpty() ? entries : entries.stream().filter(each -> isNamed(each, tag)).toList();
    if (matching.size() == 1) {
      return matching.getFirst();
    }
    var names = new ArrayList<String>();
    entries.forEach(each -> names.add(each.annotations().getOrDefault(NAME, "(no name)")));
    if (matching.isEmpty()) {
      throw failure(
          "image-not-found",
          tag.isEmpty() ? "it holds no image" : "it holds no image \"" + tag + "\"",
          names.isEmpty() ? "" : "it holds: " + String.join(", ", names));
    }
    throw failure(
        "image-ambiguous",
        "it holds " + matching.size() + " images" + (tag.isEmpty() ? "" : " of that name"),
        "name one of: " + String.join(", ", names));
  }

  /** What has this digest, listed in the index or only somewhere below it. */
  private Descriptor byDigest(Digest digest, List<Descriptor> entries) throws IOException {
    for (var entry : entries) {
      if (entry.digest().equals(digest)) {
        return entry;
      }
    }
    try {
      var size = Files.size(path(digest));
      var unknown = Descriptor.of(MediaType.OCI_MANIFEST, digest, size);
      var json = JsonText.parseObject(document(unknown));
      var isIndex = json.get("manifests").isPresent();
      var usual = isIndex ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST;
      var type = json.string("mediaType").map(MediaType::new).orElse(usual);
      return Descriptor.of(type, digest, size);
    } catch (NoSuchFileException _) {
      throw failure("image-not-found", "it has no " + digest, "check the digest");
    } catch (JsonSyntaxException _) {
      throw failure("image-invalid", digest + " is neither a manifest nor an index", "");
    }
  }

  private static boolean isNamed(Descriptor entry, String tag) {
    return tag.equals(entry.annotations().get(NAME))
        || tag.equals(entry.annotations().get(FULL_NAME));
  }

  private ImageIndex index() throws IOException {
    var file = directory.resolve("index.json");
    try (var input = Files.newInputStream(file)) {
      var bytes = input.readNBytes(LARGEST_DOCUMENT + 1);
      if (bytes.length > LARGEST_DOCUMENT) {
        throw failure("layout-invalid", "its index.json is larger than 4 MiB", "");
      }
      refuseOtherVersions();
      return ImageIndex.parse(bytes, MediaType.OCI_INDEX);
    } catch (NoSuchFileException | NotDirectoryException _) {
      throw failure(
          "image-not-found",
          "there is no index.json",
          "give the directory that has index.json, oci-layout and blobs in it");
    } catch (JsonSyntaxException | IllegalArgumentException broken) {
      throw failure("layout-invalid", "its index.json is broken: " + broken.getMessage(), "");
    }
  }

  private void refuseOtherVersions() throws IOException {
    var file = directory.resolve("oci-layout");
    if (Files.isRegularFile(file) && Files.size(file) < LARGEST_DOCUMENT) {
      var version =
          JsonText.parseObject(Files.readAllBytes(file)).string("imageLayoutVersion").orElse("");
      if (!version.startsWith("1.")) {
        throw failure(
            "layout-invalid", "layout version \"" + version + "\" is not supported yet", "");
      }
    }
  }

  /** A document of the layout, verified. */
  public byte[] document(Descriptor descriptor) throws IOException {
    if (descriptor.size() > LARGEST_DOCUMENT) {
      throw failure("layout-invalid", descriptor.digest() + " is larger than 4 MiB", "");
    }
    try (var input = open(descriptor)) {
      return input.readAllBytes();
    }
  }

  /** Reads a blob. The stream ends only when size and digest are right. */
  public InputStream open(Descriptor blob) throws IOException {
    try {
      return new VerifiedInputStream(
          Files.newInputStream(path(blob.digest())), blob.digest(), blob.size());
    } catch (NoSuchFileException _) {
      throw failure("image-not-found", "it has no blob " + blob.digest(), "the layout is cut");
    }
  }

  /** A digest is only letters and digits, so that no path can lead out of the layout. */
  private Path path(Digest digest) {
    return directory.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
  }

  private RegistryException failure(String name, String reason, String advice) {
    return new RegistryException(
        Failure.of(name, "cannot read the image layout " + directory + ": " + reason, advice));
  }

  /** The names of what the layout holds. */
  public List<String> names() throws IOException {
    return index().manifests().stream()
        .flatMap(each -> Optional.ofNullable(each.annotations().get(NAME)).stream())
        .toList();
  }
}
