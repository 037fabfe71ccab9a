package dev.birgus.executor.layer;

import dev.birgus.infra.node.Leases;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A process that unpacks a layer. It says {@code r} when it is ready, begins when it is given a
 * byte, says {@code o} when it opens the blob and {@code d} when it is done. Told to stop after so
 * many bytes of the blob, it says {@code h} there and waits to be killed.
 */
final class Unpacking {

  private final byte[] blob;
  private final int stop;

  private Unpacking(byte[] blob, int stop) {
    this.blob = blob;
    this.stop = stop;
  }

  /** Starts a process that gets all of a blob, or stops after so many bytes. */
  static Process start(Path layers, Path blob, int stop) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Unpacking.class.getName(),
            layers.toString(),
            blob.toString(),
            Integer.toString(stop))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  public static void main(String[] arguments) throws IOException {
    var blob = Files.readAllBytes(Path.of(arguments[1]));
    var tar = new GZIPInputStream(new ByteArrayInputStream(blob)).readAllBytes();
    var store =
        DirectoryLayerStore.open(
            Path.of(arguments[0]),
            new LayerUnpacker(UnpackLimits.DEFAULT, (_, _) -> {}),
            Leases.unneeded());
    say('r');
    System.in.read();
    var unpacking = new Unpacking(blob, Integer.parseInt(arguments[2]));
    store.unpack(LayerTests.layer(blob, tar), _ -> unpacking.open(), _ -> {});
    say('d');
  }

  private static void say(char word) {
    System.out.print(word);
    System.out.flush();
  }

  private InputStream open() {
    say('o');
    if (stop >= blob.length) {
      return new ByteArrayInputStream(blob);
    }
    return new FilterInputStream(new ByteArrayInputStream(blob, 0, stop)) {
      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        // Little at a time, so that what is decompressed is not all that is held back.
        var read = super.read(bytes, offset, Math.min(length, 1024));
        if (read < 0) {
          say('h');
          waitForEver();
        }
        return read;
      }
    };
  }

  private static void waitForEver() {
    try {
      System.in.readAllBytes();
      throw new IllegalStateException("nobody killed this process");
    } catch (IOException gone) {
      throw new IllegalStateException(gone);
    }
  }
}
