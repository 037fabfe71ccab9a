package dev.birgus.load;

/**
 * What one side of a comparison does.
 *
 * @param command for the shell
 * @param reportsItself whether it writes seconds, processor seconds and MiB to the file {@code
 *     $RESULT}, because only a part of what it does is to be measured
 */
record Side(String command, boolean reportsItself) {

  /** A command that is measured as a whole. */
  static Side of(String command) {
    return new Side(command, false);
  }

  /** A command that says itself what it measured. */
  static Side reporting(String command) {
    return new Side(command, true);
  }
}
