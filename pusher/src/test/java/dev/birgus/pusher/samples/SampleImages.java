package dev.birgus.pusher.samples;

import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ImageSpec;
import dev.birgus.infra.contracts.Layer;
import dev.birgus.infra.contracts.StageResult;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.infra.oci.MediaType;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.testkit.InMemoryBlobStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Small real images: their layers are tars with one file each. */
public final class SampleImages {

  private SampleImages() {}

  /** A layer and its bytes. */
  public static final class Sample {
    private final Layer layer;
    private final byte[] bytes;

    Sample(Layer layer, byte[] bytes) {
      this.layer = layer;
      this.bytes = bytes;
    }

    /** The layer. */
    public Layer layer() {
      return layer;
    }

    /** Its blob. */
    public byte[] bytes() {
      return bytes.clone();
    }

    /** The same layer, to be had from a base image. */
    public Sample from(ImageSource source) {
      return new Sample(new Layer(layer.blob(), layer.diffId(), Optional.of(source)), bytes);
    }

    /** The same layer under another media type. */
    public Sample as(MediaType type) {
      return new Sample(
          new Layer(layer.blob().withMediaType(type), layer.diffId(), layer.source()), bytes);
    }

    /** The same layer, put into a store. */
    public Sample in(InMemoryBlobStore store) {
      store.add(bytes);
      return this;
    }
  }

  /** A gzip layer with a file of this name that holds its own name. */
  public static Sample layer(String fileName) {
    var tar = tar(fileName, fileName.getBytes(StandardCharsets.UTF_8));
    return sample(gzip(tar), tar, MediaType.OCI_LAYER_GZIP);
  }

  /** A layer that is not compressed. */
  public static Sample plainLayer(String fileName) {
    var tar = tar(fileName, fileName.getBytes(StandardCharsets.UTF_8));
    return sample(tar, tar, MediaType.OCI_LAYER);
  }

  /** A gzip layer of about this many bytes that hardly compress. */
  public static Sample layer(String fileName, int size) {
    var content = new byte[size];
    new java.util.Random(fileName.hashCode()).nextBytes(content);
    var tar = tar(fileName, content);
    return sample(gzip(tar), tar, MediaType.OCI_LAYER_GZIP);
  }

  private static Sample sample(byte[] blob, byte[] tar, MediaType type) {
    var descriptor = Descriptor.of(type, Digest.sha256(blob), blob.length);
    return new Sample(new Layer(descriptor, Digest.sha256(tar), Optional.empty()), blob);
  }

  /** An image of these layers on a base of this family; empty for scratch. */
  public static ImageSpec image(Optional<MediaType> base, Sample... samples) {
    var layers = new ArrayList<Layer>();
    var history = new ArrayList<Json.Obj>();
    for (var sample : samples) {
      layers.add(sample.layer());
      history.add(entry("COPY " + layers.size()));
    }
    return new ImageSpec(
        ImageConfig.scratch(Platform.of("linux", "amd64"))
            .with("Cmd", Json.ofStrings(List.of("/bin/sh"))),
        new StageResult(layers, history),
        base,
        Map.of(),
        Optional.empty());
  }

  /** A history entry. */
  public static Json.Obj entry(String createdBy) {
    return Json.Obj.EMPTY
        .with("created", Json.of("2026-01-02T03:04:05Z"))
        .with("created_by", Json.of(createdBy));
  }

  private static byte[] tar(String name, byte[] content) {
    var bytes = new ByteArrayOutputStream();
    try (var tar = new TarArchiveOutputStream(bytes)) {
      var entry = new TarArchiveEntry(name);
      entry.setSize(content.length);
      entry.setModTime(0);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return packed.toByteArray();
  }
}
