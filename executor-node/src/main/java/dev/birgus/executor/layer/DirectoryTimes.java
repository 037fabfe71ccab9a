package dev.birgus.executor.layer;

import dev.birgus.executor.files.FileNames;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The times directories are to have when all that goes into them is there. Few are kept in memory,
 * many in a file without a name: how many directories there are is up to who made the archive.
 */
public final class DirectoryTimes implements AutoCloseable {

  private static final int IN_MEMORY = 512 * 1024;

  private final Optional<Path> place;
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(memory);
  private @Nullable FileChannel file;

  private DirectoryTimes(Optional<Path> place) {
    this.place = place;
  }

  /** Sets the time of a directory. */
  public interface Setter {
    /**
     * Sets it.
     *
     * @param time nanoseconds since the epoch
     */
    void set(String path, long time) throws IOException;
  }

  /** Keeps what is too much for the memory on the file system of a directory, but not in it. */
  public static DirectoryTimes beside(Path directory) {
    return new DirectoryTimes(
        Optional.of(directory.resolveSibling(directory.getFileName() + ".times")));
  }

  /** Keeps all in memory, where the directories themselves are. */
  public static DirectoryTimes inMemory() {
    return new DirectoryTimes(Optional.empty());
  }

  /** Notes a time, nanoseconds since the epoch, that replaces one noted before. */
  public void add(String path, long time) throws IOException {
    var name = FileNames.encode(path);
    out.writeInt(name.length);
    out.write(name);
    out.writeLong(time);
    if (memory.size() >= IN_MEMORY && place.isPresent()) {
      spill(place.get());
    }
  }

  private void spill(Path place) throws IOException {
    if (file == null) {
      // Its name goes at once, so nothing is left of it however this process ends.
      file =
          FileChannel.open(
              place,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE);
    }
    for (var bytes = ByteBuffer.wrap(memory.toByteArray()); bytes.hasRemaining(); ) {
      file.write(bytes);
    }
    memory.reset();
  }

  /** Sets all times in the order they were noted in, so that of one path the last holds. */
  public void forEach(Setter setter) throws IOException {
    // The file stays open for a second time, and so do the streams on it.
    var in = new DataInputStream(noted());
    while (true) {
      var length = in.read() << 24;
      if (length < 0) {
        return;
      }
      length |= in.readUnsignedByte() << 16 | in.readUnsignedShort();
      var name = in.readNBytes(length);
      setter.set(FileNames.decode(name), in.readLong());
    }
  }

  private InputStream noted() throws IOException {
    var rest = new ByteArrayInputStream(memory.toByteArray());
    return file == null
        ? rest
        : new SequenceInputStream(
            new BufferedInputStream(Channels.newInputStream(file.position(0))), rest);
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }
}
