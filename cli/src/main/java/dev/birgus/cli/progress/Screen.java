package dev.birgus.cli.progress;

/** Where a view writes to. */
public interface Screen {

  /** Writes to standard output, line end included where wanted. */
  void out(String text);

  /** Writes to standard error, line end included where wanted. */
  void err(String text);

  /** Columns of the terminal, at least 20. */
  int columns();
}
