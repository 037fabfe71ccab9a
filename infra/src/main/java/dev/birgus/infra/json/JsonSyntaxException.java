package dev.birgus.infra.json;

/** The text is not JSON, or not the JSON its reader needs. The message says what and where. */
public final class JsonSyntaxException extends RuntimeException {

  /** Says what is wrong with the text. */
  public JsonSyntaxException(String message) {
    super(message);
  }
}
