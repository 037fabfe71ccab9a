package dev.birgus.pusher.archive;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.birgus.infra.blobs.ParallelGzipOutputStream;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.Compression;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.Manifest;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.pusher.image.Document;
import dev.birgus.pusher.image.FinishedImage;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The one image of a tar as {@code docker save} and kaniko write it. It has no manifest: that is
 * made here, of layers that are compressed if they are not yet. A layer that is not the one its
 * configuration means is refused.
 */
final class DockerArchive {

  private static final int MAGIC = 4;
  private static final int BUFFER = 64 * 1024;

  private final SavedPlace place;
  private final SavedBlobs blobs;
  private final int threads;

  DockerArchive(SavedPlace place, SavedBlobs blobs, int threads) {
    this.place = place;
    this.blobs = blobs;
    this.threads = threads;
  }

  SavedImage read() throws IOException {
    var text = new String(place.document("manifest.json"), StandardCharsets.UTF_8);
    if (!(JsonText.parse(text) instanceof Json.Arr(var entries)) || entries.size() != 1) {
      throw place.unreadable("its manifest.json does not list exactly one image");
    }
    if (!(entries.getFirst() instanceof Json.Obj entry)) {
      throw place.unreadable("its manifest.json is damaged");
    }
    var name = entry.string("Config").orElseThrow(() -> place.unreadable("it has no Config"));
    var bytes = place.document(name);
    var diffIds = new ImageConfig(JsonText.parseObject(bytes)).diffIds();
    var files = entry.strings("Layers");
    if (files.size() != diffIds.size()) {
      throw place.unreadable(
          "it has " + files.size() + " layers, and its configuration " + diffIds.size());
    }
    var layers = new ArrayList<Layer>();
    for (var i = 0; i < files.size(); i++) {
      layers.add(new Layer(layer(files.get(i), diffIds.get(i)), diffIds.get(i), Optional.empty()));
    }
    return new SavedImage(List.of(image(bytes, layers)), Optional.empty(), blobs);
  }

  private static FinishedImage image(byte[] configuration, List<Layer> layers) {
    var zstd =
        layers.stream()
            .anyMatch(layer -> layer.blob().mediaType().compression() == Compression.ZSTD);
    var config = new Document(zstd ? MediaType.OCI_CONFIG : MediaType.DOCKER_CONFIG, configuration);
    var typed = zstd ? layers : layers.stream().map(DockerArchive::dockers).toList();
    var manifest =
        new Manifest(
            zstd ? MediaType.OCI_MANIFEST : MediaType.DOCKER_MANIFEST,
            config.descriptor(),
            typed.stream().map(Layer::blob).toList(),
            Json.Obj.EMPTY);
    return new FinishedImage(new Document(manifest.mediaType(), manifest.toBytes()), config, typed);
  }

  private static Layer dockers(Layer layer) {
    return new Layer(
        layer.blob().withMediaType(MediaType.DOCKER_LAYER_GZIP), layer.diffId(), layer.source());
  }

  private Descriptor layer(String name, Digest diffId) throws IOException {
    var piece = place.piece(name);
    var type = MediaType.ociLayer(compression(piece));
    if (type.compression() == Compression.NONE) {
      return compressed(name, piece, diffId);
    }
    var computation = Digest.newSha256();
    try (var in = new DigestInputStream(piece.open(), computation)) {
      check(name, type.compression(), in, diffId);
      in.transferTo(OutputStream.nullOutputStream());
    }
    var blob = Descriptor.of(type, Digest.ofSha256(computation.digest()), piece.length());
    blobs.add(blob.digest(), piece);
    return blob;
  }

  /** Unpacks a layer, to see whether it is the one the configuration means. */
  private void check(String name, Compression compression, InputStream packed, Digest diffId)
      throws IOException {
    var plain = diffId.newComputation();
    try (var content = unpacked(compression, packed)) {
      new DigestInputStream(content, plain).transferTo(OutputStream.nullOutputStream());
    } catch (ZipException | EOFException | ZstdIOException _) {
      throw place.unreadable("layer " + name + " is damaged");
    }
    same(name, plain, diffId);
  }

  /** What was packed. What is packed stays open when it is closed. */
  private static InputStream unpacked(Compression compression, InputStream packed)
      throws IOException {
    var kept =
        new FilterInputStream(packed) {
          @Override
          public void close() {
            // The rest of it counts, too.
          }
        };
    return switch (compression) {
      case NONE -> kept;
      case GZIP -> new GZIPInputStream(kept, BUFFER);
      case ZSTD -> zstd(kept);
    };
  }

  private static InputStream zstd(InputStream packed) throws IOException {
    try {
      return new ZstdInputStreamNoFinalizer(packed);
    } catch (LinkageError missing) {
      throw Failure.of(
              "zstd-unavailable",
              "a layer of the archive is compressed with zstd, which cannot be checked on this"
                  + " machine: "
                  + missing.getMessage(),
              "push it from Linux on x86-64 or arm64 with glibc and a temporary folder programs may"
                  + " be loaded from")
          .toException(missing);
    }
  }

  private void same(String name, MessageDigest plain, Digest diffId) {
    if (!HexFormat.of().formatHex(plain.digest()).equals(diffId.hex())) {
      throw place.unreadable("layer " + name + " is not what its configuration says");
    }
  }

  private static Compression compression(SavedFiles.Piece piece) throws IOException {
    try (var in = piece.open()) {
      var magic = in.readNBytes(MAGIC);
      if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
        return Compression.GZIP;
      }
      return magic.length == MAGIC
              && magic[0] == 0x28
              && magic[1] == (byte) 0xb5
              && magic[2] == 0x2f
              && magic[3] == (byte) 0xfd
          ? Compression.ZSTD
          : Compression.NONE;
    }
  }

  private Descriptor compressed(String name, SavedFiles.Piece piece, Digest diffId)
      throws IOException {
    try (var blob = blobs.create()) {
      var count = new Counter(blob);
      var plain = diffId.newComputation();
      try (var in = new DigestInputStream(piece.open(), plain)) {
        compress(in, count);
      }
      same(name, plain, diffId);
      return Descriptor.of(MediaType.OCI_LAYER_GZIP, blob.commit(), count.size);
    }
  }

  private void compress(InputStream from, OutputStream to) throws IOException {
    try (var workers = Executors.newFixedThreadPool(threads);
        var gzip =
            new ParallelGzipOutputStream(
                to, ParallelGzipOutputStream.USUAL_LEVEL, workers, threads + 2)) {
      from.transferTo(gzip);
    }
  }

  /** Counts what is written to a blob, which is closed by who made it. */
  private static final class Counter extends OutputStream {
    private final OutputStream out;
    private long size;

    Counter(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      size += length;
    }
  }
}
