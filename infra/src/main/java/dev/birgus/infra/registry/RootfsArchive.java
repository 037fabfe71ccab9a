package dev.birgus.infra.registry;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.VerifiedInputStream;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A tar of a root file system, plain or gzip, as an image of one layer. A gzip file is the layer's
 * blob as it is; a plain one is compressed where there is a place for it.
 */
public final class RootfsArchive {

  private static final int BLOCK = 512;
  private static final int BUFFER = 1 << 16;
  private static final String EPOCH = "1970-01-01T00:00:00Z";

  private final Path file;
  private final Optional<ArchiveBlobs> blobs;

  /**
   * The archive in this file, which is looked at when something is read.
   *
   * @param blobs where a plain one is compressed to, if anywhere
   */
  public RootfsArchive(Path file, Optional<ArchiveBlobs> blobs) {
    this.file = requireNonNull(file, "file");
    this.blobs = requireNonNull(blobs, "blobs");
  }

  /**
   * The image. Its configuration has nothing but the layer, so equal files give equal images; an
   * archive does not say what platform it is for.
   *
   * @throws RegistryException if the file is no tar, or packed in a way not supported
   */
  public ResolvedImage resolve(String name) throws IOException {
    try {
      var known = blobs.isPresent() ? blobs.get().remembered(file) : Optional.<Packed>empty();
      var packed = known.isPresent() ? known.get() : read();
      return image(name, packed.layer(), packed.diffId());
    } catch (NoSuchFileException | FileNotFoundException _) {
      throw failure("image-not-found", "there is no such file", "check the path");
    } catch (ZipException | EOFException broken) {
      throw failure("archive-invalid", "its gzip is broken: " + broken.getMessage(), "");
    }
  }

  /**
   * What an archive is as a layer.
   *
   * @param diffId of the tar
   */
  record Packed(Descriptor layer, Digest diffId) {}

  private Packed read() throws IOException {
    if (isGzip(file)) {
      return readGzip();
    }
    try (var bytes = Files.newInputStream(file)) {
      var whole = new DigestInputStream(new BufferedInputStream(bytes, BUFFER), Digest.newSha256());
      refuseUnlessTar(whole.readNBytes(BLOCK));
      if (blobs.isPresent()) {
        return blobs.get().compress(file);
      }
      whole.transferTo(OutputStream.nullOutputStream());
      var digest = Digest.ofSha256(whole.getMessageDigest().digest());
      return new Packed(Descriptor.of(MediaType.OCI_LAYER, digest, Files.size(file)), digest);
    }
  }

  private Packed readGzip() throws IOException {
    try (var bytes = Files.newInputStream(file)) {
      var whole = new DigestInputStream(new BufferedInputStream(bytes, BUFFER), Digest.newSha256());
      var diffId = diffId(whole);
      // What follows the end of a gzip stream belongs to the file all the same.
      whole.transferTo(OutputStream.nullOutputStream());
      var digest = Digest.ofSha256(whole.getMessageDigest().digest());
      var size = Files.size(file);
      return new Packed(Descriptor.of(MediaType.OCI_LAYER_GZIP, digest, size), diffId);
    }
  }

  private Digest diffId(InputStream whole) throws IOException {
    var tar = new DigestInputStream(new GZIPInputStream(whole, BUFFER), Digest.newSha256());
    refuseUnlessTar(tar.readNBytes(BLOCK));
    tar.transferTo(OutputStream.nullOutputStream());
    return Digest.ofSha256(tar.getMessageDigest().digest());
  }

  private void refuseUnlessTar(byte[] header) throws RegistryException {
    if (!looksLikeTar(header)) {
      throw failure(
          "archive-invalid",
          "it is not a tar, plain or gzip",
          "other compressions are not supported yet: unpack it to a plain tar");
    }
  }

  private static boolean looksLikeTar(byte[] header) {
    if (header.length < BLOCK) {
      return false;
    }
    var magic = new String(header, 257, 5, StandardCharsets.US_ASCII);
    return magic.equals("ustar") || Arrays.equals(header, new byte[BLOCK]) || isOldTar(header);
  }

  /** The format before ustar has no magic; the checksum of its header tells it. */
  private static boolean isOldTar(byte[] header) {
    var sum = 0;
    for (var i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    var stored = new String(header, 148, 8, StandardCharsets.US_ASCII).replaceAll("[^0-7].*", "");
    return !stored.isEmpty() && Integer.parseInt(stored, 8) == sum;
  }

  private static boolean isGzip(Path file) throws IOException {
    try (var input = Files.newInputStream(file)) {
      var magic = input.readNBytes(2);
      return magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
    }
  }

  private ResolvedImage image(String name, Descriptor layer, Digest diffId) {
    var history =
        Json.Obj.EMPTY
            .with("created", Json.of(EPOCH))
            .with("created_by", Json.of("root file system archive"));
    var config = new ImageConfig(Json.Obj.EMPTY).finished(List.of(diffId), List.of(history), EPOCH);
    var bytes = config.toBytes();
    var manifest =
        new Manifest(
            MediaType.OCI_MANIFEST,
            Descriptor.of(MediaType.OCI_CONFIG, Digest.sha256(bytes), bytes.length),
            List.of(layer),
            Json.Obj.EMPTY);
    return new ResolvedImage(
        name,
        new ImageSource.FromRootfsArchive(file.toString()),
        Digest.sha256(manifest.toBytes()),
        manifest,
        config);
  }

  /** Reads the layer's blob. The stream ends only when size and digest are right. */
  public InputStream open(Descriptor blob) throws IOException {
    if (blobs.isPresent()) {
      var compressed = blobs.get().open(blob);
      if (compressed.isPresent()) {
        return compressed.get();
      }
    }
    return new VerifiedInputStream(Files.newInputStream(file), blob.digest(), blob.size());
  }

  private RegistryException failure(String name, String reason, String advice) {
    return new RegistryException(
        Failure.of(name, "cannot use the archive " + file + ": " + reason, advice));
  }
}
