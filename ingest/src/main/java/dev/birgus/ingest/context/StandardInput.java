package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import java.io.InputStream;

/**
 * Standard input, if something asks for it.
 *
 * @param stream read by nobody else; it is not closed
 * @param isTerminal whether a person would have to type it
 */
public record StandardInput(InputStream stream, boolean isTerminal) {

  public StandardInput {
    requireNonNull(stream, "stream");
  }

  /** Standard input with nothing on it. */
  public static StandardInput empty() {
    return new StandardInput(InputStream.nullInputStream(), false);
  }
}
