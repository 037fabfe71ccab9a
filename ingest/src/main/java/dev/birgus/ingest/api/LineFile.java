package dev.birgus.ingest.api;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Reads whole lines of a file from a position on. */
final class LineFile implements AutoCloseable {

  private final InputStream stream;
  private long position;

  /** Opens a file at the beginning of a line. */
  LineFile(Path file, long position) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.READ);
    channel.position(position);
    this.stream = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
    this.position = position;
  }

  /** The next line, without its end; null if there is no whole one. */
  @Nullable String next() throws IOException {
    var line = new ByteArrayOutputStream(256);
    for (var one = stream.read(); one >= 0; one = stream.read()) {
      if (one == '\n') {
        position += line.size() + 1;
        return line.toString(StandardCharsets.UTF_8);
      }
      line.write(one);
    }
    return null;
  }

  /** Where the line after the last one begins. */
  long position() {
    return position;
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
