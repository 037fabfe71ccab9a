package dev.birgus.cli.progress;

/** A screen that keeps what was written to it. */
public final class RecordingScreen implements Screen {

  private final StringBuilder standardOutput = new StringBuilder();
  private final StringBuilder standardError = new StringBuilder();
  private final int columns;

  /** A screen this wide. */
  public RecordingScreen(int columns) {
    this.columns = columns;
  }

  @Override
  public synchronized void out(String text) {
    standardOutput.append(text);
  }

  @Override
  public synchronized void err(String text) {
    standardError.append(text);
  }

  @Override
  public int columns() {
    return columns;
  }

  /** What was written to standard output. */
  public synchronized String output() {
    return standardOutput.toString();
  }

  /** What was written to standard error. */
  public synchronized String errors() {
    return standardError.toString();
  }

  /** Forgets what was written so far. */
  public synchronized void clear() {
    standardOutput.setLength(0);
    standardError.setLength(0);
  }
}
