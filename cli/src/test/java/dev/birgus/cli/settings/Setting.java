package dev.birgus.cli.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Somewhere birgus is run, and as whom. */
interface Setting extends AutoCloseable {

  /** How it is called in the names of tests. */
  String name();

  /**
   * Runs a shell script to its end.
   *
   * @param script for {@code sh}; {@code $V} is a folder that can be written to, and is kept
   * @param arguments its positional parameters
   */
  Outcome run(String script, List<String> arguments) throws IOException, InterruptedException;

  /** The folder {@code $V}, as the machine sees it. */
  Path volume();

  @Override
  void close() throws IOException;

  /** How a run ended and everything it printed. */
  record Outcome(int exitCode, String printed) {}
}
