package dev.birgus.cli;

import dev.birgus.cli.progress.Screen;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The process's own standard output and standard error, in UTF-8 whatever the locale. Nobody
 * reading is no reason to end a build: what cannot be written is dropped.
 */
final class StandardScreen implements Screen {

  private static final int FEWEST_COLUMNS = 20;

  private final OutputStream standardOutput = new FileOutputStream(FileDescriptor.out);
  private final OutputStream standardError = new FileOutputStream(FileDescriptor.err);
  private final int columns;

  StandardScreen(int columns) {
    this.columns = Math.max(FEWEST_COLUMNS, columns);
  }

  @Override
  public void out(String text) {
    write(standardOutput, text);
  }

  @Override
  public void err(String text) {
    write(standardError, text);
  }

  @Override
  public int columns() {
    return columns;
  }

  private static void write(OutputStream stream, String text) {
    try {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException nobodyReads) {
      // There is nowhere left to report it to.
    }
  }
}
