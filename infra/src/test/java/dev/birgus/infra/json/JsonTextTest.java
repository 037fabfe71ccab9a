package dev.birgus.infra.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTextTest {

  private static Json random(Random random, int depth) {
    return switch (random.nextInt(depth > 4 ? 4 : 6)) {
      case 0 -> Json.Null.NULL;
      case 1 -> Json.of(random.nextBoolean());
      case 2 -> new Json.Num(new BigDecimal(random.nextLong()).movePointLeft(random.nextInt(9)));
      case 3 -> Json.of(text(random));
      case 4 -> {
        var items = new ArrayList<Json>();
        for (var i = random.nextInt(5); i > 0; i--) {
          items.add(random(random, depth + 1));
        }
        yield new Json.Arr(items);
      }
      default -> {
        var members = new LinkedHashMap<String, Json>();
        for (var i = random.nextInt(5); i > 0; i--) {
          members.put(text(random), random(random, depth + 1));
        }
        yield new Json.Obj(members);
      }
    };
  }

  private static String text(Random random) {
    var result = new StringBuilder();
    for (var i = random.nextInt(12); i > 0; i--) {
      var kind = random.nextInt(4);
      result.appendCodePoint(
          kind == 0 ? 0x1f980 : kind == 1 ? random.nextInt(32) : 32 + random.nextInt(0x700));
    }
    return result.toString();
  }

  @Test
  void everyDocumentComesBackAsItWasWritten() {
    for (var seed = 0; seed < 2000; seed++) {
      var document = random(new Random(seed), 0);
      var text = JsonText.write(document);
      var read = JsonText.parse(text);
      assertThat(read).as("seed %d", seed).isEqualTo(document);
      assertThat(JsonText.write(read)).as("seed %d", seed).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1}{}",
        "nul",
        "NaN",
        "'a'",
        "{a:1}",
        "01",
        "\"\u0001\"",
        "// comment\n1",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":1}}"
      })
  void whatIsNoJsonIsRefused(String text) {
    assertThatThrownBy(() -> JsonText.parse(text)).isInstanceOf(JsonSyntaxException.class);
  }

  @Test
  void depthIsBounded() {
    var deep = "[".repeat(150) + "]".repeat(150);
    assertThat(JsonText.parse(deep)).isInstanceOf(Json.Arr.class);
    var tooDeep = "[".repeat(100_000);
    assertThatThrownBy(() -> JsonText.parse(tooDeep)).isInstanceOf(JsonSyntaxException.class);
  }

  @Test
  void lengthIsBounded() {
    var tooLong = new byte[(64 << 20) + 1];
    java.util.Arrays.fill(tooLong, (byte) ' ');
    tooLong[0] = '1';
    assertThatThrownBy(() -> JsonText.parse(tooLong)).isInstanceOf(JsonSyntaxException.class);
  }

  @Test
  void anErrorSaysWhere() {
    assertThatThrownBy(() -> JsonText.parse("{\n  \"a\": x}"))
        .hasMessageContaining("line 2, column");
  }

  @Test
  void membersKeepTheirOrder() {
    var text = "{\"z\":1,\"a\":{\"y\":2,\"b\":3},\"m\":[]}";
    assertThat(JsonText.text(JsonText.parse(text))).isEqualTo(text);
    var changed = ((Json.Obj) JsonText.parse(text)).with("a", Json.of("x")).without("z");
    assertThat(JsonText.text(changed)).isEqualTo("{\"a\":\"x\",\"m\":[]}");
  }

  @Test
  void membersOfOtherTypesAreAsGoodAsMissing() {
    var object =
        JsonText.parseObject(
            "{\"s\":1,\"n\":\"1\",\"f\":1.5,\"big\":1e40,\"null\":null,\"l\":[\"a\",1,\"b\"]}"
                .getBytes(UTF_8));
    assertThat(object.string("s")).isEmpty();
    assertThat(object.number("n")).isEmpty();
    assertThat(object.number("f")).isEmpty();
    assertThat(object.number("big")).isEmpty();
    assertThat(object.get("null")).isEmpty();
    assertThat(object.strings("l")).isEqualTo(List.of("a", "b"));
    assertThat(object.object("missing")).isEqualTo(Json.Obj.EMPTY);
    assertThat(Json.ofStrings(Map.of("k", "v")).stringMap("none")).isEmpty();
  }

  @Test
  void anArrayIsNoObject() {
    assertThatThrownBy(() -> JsonText.parseObject("[]".getBytes(UTF_8)))
        .isInstanceOf(JsonSyntaxException.class);
  }

  @Test
  void bytesThatAreTakenForUtf32AndAreNoneAreNoJson() {
    for (var bytes : List.of(new byte[] {0, 0x7B, 0, 0}, new byte[] {0, 0, 0x7B, 0})) {
      assertThatThrownBy(() -> JsonText.parse(bytes)).isInstanceOf(JsonSyntaxException.class);
    }
  }
}
