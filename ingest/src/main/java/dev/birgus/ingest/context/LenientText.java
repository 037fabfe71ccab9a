package dev.birgus.ingest.context;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * Text whose comments may be in any encoding, as those of old Dockerfiles are: nobody reads them.
 * Where a here-document may have begun a line with {@code #} need not be a comment any more.
 *
 * @param text with the replacement character for what is no UTF-8 in comments
 * @param badLine the first line, from 1, that is no UTF-8 and no comment; empty if all is well
 */
record LenientText(String text, OptionalInt badLine) {

  /** Decodes bytes. */
  static LenientText of(byte[] bytes) {
    var text = new StringBuilder(bytes.length);
    var number = 1;
    var plain = true;
    for (var start = 0; start < bytes.length; number++) {
      var end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      var next = Math.min(end + 1, bytes.length);
      var line = ByteBuffer.wrap(bytes, start, next - start);
      try {
        text.append(StandardCharsets.UTF_8.newDecoder().decode(line.duplicate()));
      } catch (CharacterCodingException foreign) {
        var replaced = StandardCharsets.UTF_8.decode(line).toString();
        if (!plain || !replaced.stripLeading().startsWith("#")) {
          return new LenientText("", OptionalInt.of(number));
        }
        text.append(replaced);
      }
      plain = plain && text.indexOf("<<", text.length() - (next - start)) < 0;
      start = next;
    }
    return new LenientText(text.toString(), OptionalInt.empty());
  }
}
