package dev.birgus.pusher.samples;

import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.ResolvedImage;
import dev.birgus.infra.oci.Descriptor;
import dev.birgus.infra.oci.Digest;
import dev.birgus.infra.oci.Platform;
import dev.birgus.infra.registry.ImageSources;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Has the blobs it was given, and remembers which were read. */
public final class ListedSources implements ImageSources {

  private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
  private final List<Digest> opened = new CopyOnWriteArrayList<>();

  /** Has this layer too. */
  public void add(SampleImages.Sample sample) {
    blobs.put(sample.layer().blob().digest(), sample.bytes());
  }

  /** Has these bytes where that layer is asked for. */
  public void spoil(SampleImages.Sample sample, byte[] bytes) {
    blobs.put(sample.layer().blob().digest(), bytes);
  }

  /** What was read, in order. */
  public List<Digest> opened() {
    return List.copyOf(opened);
  }

  @Override
  public ResolvedImage resolve(String name, ImageSource source, Platform platform)
      throws IOException {
    throw new IOException("nobody resolves here");
  }

  @Override
  public InputStream open(ImageSource source, Descriptor blob) throws IOException {
    opened.add(blob.digest());
    var bytes = blobs.get(blob.digest());
    if (bytes == null) {
      throw new IOException("the base image's registry does not answer");
    }
    return new ByteArrayInputStream(bytes);
  }
}
