package dev.birgus.executor.layer;

import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.infra.blobs.DirectoryBlobStore;
import dev.birgus.infra.contracts.BuildOptions;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A process that packs a directory into a layer and unpacks that again, and says how long it took
 * and how much of its heap it needed.
 */
final class LargeLayer {

  private LargeLayer() {}

  public static void main(String[] arguments) throws IOException {
    var folder = Path.of(arguments[0]);
    try (var blobs = DirectoryBlobStore.open(folder.resolve("blobs"))) {
      var begun = System.nanoTime();
      var layer =
          new OverlayLayerPacker(blobs, 2)
              .pack(folder.resolve("upper"), BuildOptions.DEFAULT, _ -> {})
              .orElseThrow();
      var packed = System.nanoTime();
      var copy = Files.createDirectory(folder.resolve("copy"));
      new LayerUnpacker(UnpackLimits.DEFAULT, (_, _) -> {})
          .unpack(layer, each -> blobs.open(each.blob().digest()), copy, _ -> {});
      var unpacked = System.nanoTime();
      System.out.printf(
          "packed in %d ms to %d bytes, unpacked in %d ms, peak heap %d MB%n",
          TimeUnit.NANOSECONDS.toMillis(packed - begun),
          layer.blob().size(),
          TimeUnit.NANOSECONDS.toMillis(unpacked - packed),
          peak() >> 20);
    }
    try (var files = LinuxFileSystem.open(folder)) {
      files.remove("copy");
    }
  }

  private static long peak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }
}
