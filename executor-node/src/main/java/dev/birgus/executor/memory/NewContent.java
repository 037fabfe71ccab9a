package dev.birgus.executor.memory;

import dev.birgus.executor.files.FileContent;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.Consumer;

/** Takes the bytes of files that are nowhere else. */
public interface NewContent {

  /**
   * A stream for a new file's bytes.
   *
   * @param done is given what was written, before closing the stream returns
   */
  OutputStream write(String path, Consumer<FileContent> done) throws IOException;
}
