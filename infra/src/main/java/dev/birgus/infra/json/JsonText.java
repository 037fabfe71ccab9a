package dev.birgus.infra.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/** Reads and writes JSON text. Reading is bounded: 200 levels, 64 MiB, no duplicate members. */
public final class JsonText {

  private static final int MAX_DEPTH = 200;
  private static final long MAX_LENGTH = 64L << 20;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxDocumentLength(MAX_LENGTH)
                  .maxStringLength((int) MAX_LENGTH)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private JsonText() {}

  /**
   * The document in these UTF-8 bytes.
   *
   * @throws JsonSyntaxException if the bytes are not one well-formed document within the bounds
   */
  public static Json parse(byte[] utf8) {
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      var first = parser.nextToken();
      if (first == null) {
        throw new JsonSyntaxException("the document is empty");
      }
      var document = value(parser, first);
      if (parser.nextToken() != null) {
        throw new JsonSyntaxException("there is text after the end of the document");
      }
      return document;
    } catch (JsonProcessingException broken) {
      throw new JsonSyntaxException(position(broken));
    } catch (NumberFormatException _) {
      throw new JsonSyntaxException("a number is too large");
    } catch (IOException noText) {
      // Of memory: what is taken for UTF-16 or UTF-32 by its first bytes, and is neither.
      throw new JsonSyntaxException("the bytes are no text: " + noText.getMessage());
    }
  }

  /** The document in this text; see {@link #parse(byte[])}. */
  public static Json parse(String text) {
    return parse(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The object in these bytes.
   *
   * @throws JsonSyntaxException if they are not well-formed JSON or hold something else
   */
  public static Json.Obj parseObject(byte[] utf8) {
    if (parse(utf8) instanceof Json.Obj object) {
      return object;
    }
    throw new JsonSyntaxException("the document is not a JSON object");
  }

  /** The document as compact UTF-8 text, members in their order. */
  public static byte[] write(Json document) {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      write(document, generator);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** The document as compact text. */
  public static String text(Json document) {
    return new String(write(document), StandardCharsets.UTF_8);
  }

  private static Json value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> new Json.Str(parser.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Json.Num(parser.getDecimalValue());
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> Json.Null.NULL;
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
          throw new JsonSyntaxException("unexpected " + token);
    };
  }

  private static Json.Obj object(JsonParser parser) throws IOException {
    var members = new LinkedHashMap<String, Json>();
    for (var name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      members.put(name, value(parser, parser.nextToken()));
    }
    return new Json.Obj(members);
  }

  private static Json.Arr array(JsonParser parser) throws IOException {
    var items = new ArrayList<Json>();
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      items.add(value(parser, token));
    }
    return new Json.Arr(items);
  }

  private static void write(Json document, JsonGenerator generator) throws IOException {
    switch (document) {
      case Json.Null _ -> generator.writeNull();
      case Json.Bool(var value) -> generator.writeBoolean(value);
      case Json.Num(var value) -> generator.writeNumber(value);
      case Json.Str(var value) -> generator.writeString(value);
      case Json.Arr(var items) -> {
        generator.writeStartArray();
        for (var item : items) {
          write(item, generator);
        }
        generator.writeEndArray();
      }
      case Json.Obj(var members) -> {
        generator.writeStartObject();
        for (var member : members.entrySet()) {
          generator.writeFieldName(member.getKey());
          write(member.getValue(), generator);
        }
        generator.writeEndObject();
      }
    }
  }

  private static String position(JsonProcessingException broken) {
    var at = broken.getLocation();
    var where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return broken.getOriginalMessage() + where;
  }
}
