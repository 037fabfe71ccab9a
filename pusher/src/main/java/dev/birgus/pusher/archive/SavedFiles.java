package dev.birgus.pusher.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/** The files of a saved image, in a directory or in a tar that is read in place. */
interface SavedFiles {

  /**
   * The file of this name.
   *
   * @param name relative, with {@code /} between its parts
   */
  Optional<Piece> find(String name) throws IOException;

  /** A part of a file of this machine. */
  record Piece(Path file, long offset, long length) {

    /** Its bytes, from the first. Several may be read at once. */
    InputStream open() throws IOException {
      var channel = FileChannel.open(file);
      try {
        channel.position(offset);
        return new LimitedInputStream(Channels.newInputStream(channel), length);
      } catch (IOException | RuntimeException failed) {
        channel.close();
        throw failed;
      }
    }
  }

  /** The files of a directory; links are not followed out of it. */
  static SavedFiles directory(Path root) {
    return name -> {
      var real = root.toRealPath();
      var file = real.resolve(name).normalize();
      if (!file.startsWith(real) || !Files.exists(file)) {
        return Optional.empty();
      }
      file = file.toRealPath();
      return file.startsWith(real) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          ? Optional.of(new Piece(file, 0, Files.size(file)))
          : Optional.empty();
    };
  }
}
