package dev.birgus.executor.run;

import java.io.IOException;

/** A command was not started, because what it runs in could not be made. */
final class NotPreparedException extends IOException {

  private static final long serialVersionUID = 1L;

  /** With what was attempted and what the kernel said. */
  NotPreparedException(String complaint) {
    super(complaint);
  }
}
