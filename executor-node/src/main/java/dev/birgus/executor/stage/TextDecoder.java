package dev.birgus.executor.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

/** Makes text of bytes that come in pieces, a character perhaps cut by the end of one. */
final class TextDecoder {

  private final CharsetDecoder decoder =
      UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);

  private byte[] rest = new byte[0];

  /** The text as far as it is complete. */
  String decode(byte[] bytes) {
    return decode(bytes, false);
  }

  /** What is left at the end of the stream. */
  String finish() {
    return decode(new byte[0], true);
  }

  private String decode(byte[] bytes, boolean end) {
    var input = ByteBuffer.allocate(rest.length + bytes.length).put(rest).put(bytes).flip();
    // At most one character for each byte, replacements included.
    var text = CharBuffer.allocate(input.remaining() + 1);
    decoder.decode(input, text, end);
    rest = new byte[input.remaining()];
    input.get(rest);
    return text.flip().toString();
  }
}
