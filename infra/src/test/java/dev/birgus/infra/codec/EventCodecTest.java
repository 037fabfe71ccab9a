package dev.birgus.infra.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Event.BuildCancelRequested;
import dev.birgus.infra.contracts.Event.StageFinished;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {

  private final EventCodec codec = new EventCodec();

  static Stream<Class<?>> events() {
    return leaves(Event.class);
  }

  private static Stream<Class<?>> leaves(Class<?> kind) {
    return kind.isSealed()
        ? Arrays.stream(kind.getPermittedSubclasses()).flatMap(EventCodecTest::leaves)
        : Stream.of(kind);
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventIsTheSameAfterItsWay(Class<?> type) {
    for (var seed = 0; seed < 60; seed++) {
      // given
      var event = (Event) new RandomValues(seed).of(type);

      // when
      var sent = codec.encode(event);
      var received = codec.decode(sent.type(), sent.data()).orElseThrow();

      // then
      assertThat(received).isEqualTo(event);
      assertThat(codec.encode(received)).isEqualTo(sent);
    }
  }

  @Test
  void aTypeNameSaysWhatItIsAndItsVersion() {
    var sent = codec.encode(new BuildCancelRequested(new BuildId("b1"), "enough"));

    assertThat(sent.type()).isEqualTo("dev.birgus.build-cancel-requested.v1");
    assertThat(new String(sent.data(), StandardCharsets.UTF_8))
        .isEqualTo("{\"build\":\"b1\",\"reason\":\"enough\"}");
  }

  @Test
  void aTypeThatIsNotKnownIsNoError() {
    assertThat(codec.decode("dev.birgus.build-requested.v99", new byte[0])).isEmpty();
    assertThat(codec.decode("com.example.other", new byte[] {'?'})).isEmpty();
  }

  @Test
  void aMemberThatIsNotKnownIsIgnored() {
    var data = bytes("{\"build\":\"b1\",\"future\":{\"a\":[1]},\"reason\":\"enough\"}");

    assertThat(codec.decode("dev.birgus.build-cancel-requested.v1", data))
        .contains(new BuildCancelRequested(new BuildId("b1"), "enough"));
  }

  @Test
  void aMessageSaysWhichMemberIsWrong() {
    assertThatThrownBy(() -> cancelled("{\"build\":\"b1\"}"))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessage("data.reason is missing");
    assertThatThrownBy(() -> cancelled("{\"build\":\"../b1\",\"reason\":\"\"}"))
        .hasMessageContaining("data.build is not a build id");
    assertThatThrownBy(() -> cancelled("{\"build\":7,\"reason\":\"\"}"))
        .hasMessage("data.build is not a string");
    assertThatThrownBy(() -> cancelled("[]")).hasMessage("data is not an object");
    assertThatThrownBy(
            () -> codec.decode("dev.birgus.stage-finished.v1", bytes("{\"build\":\"b\"}")))
        .hasMessage("data.stage is missing");
  }

  @Test
  void noBytesBreakItOtherwise() {
    // given an event that has every kind of member
    var sent = codec.encode((Event) new RandomValues(7).of(StageFinished.class));
    var random = new Random(7);

    for (var round = 0; round < 5_000; round++) {
      // when
      var broken = sent.data().clone();
      IntStream.range(0, 1 + random.nextInt(3))
          .forEach(_ -> broken[random.nextInt(broken.length)] = (byte) random.nextInt(256));

      // then
      try {
        assertThat(codec.decode(sent.type(), broken)).isPresent();
      } catch (JsonSyntaxException expected) {
        assertThat(expected.getMessage()).isNotEmpty();
      }
    }
  }

  @Test
  void everyEventHasASchemaThatKnowsItsMembers() {
    var schemas = codec.schemas();

    assertThat(schemas).hasSize((int) leaves(Event.class).count());
    schemas.forEach((type, schema) -> {
      var name = schema.string("$ref").orElseThrow().replace("#/$defs/", "");
      assertThat(schema.object("$defs").object(name).array("required"))
          .as(type)
          .containsAnyOf(Json.of("build"), Json.of("node"));
      assertThat(references(schema)).as(type).isSubsetOf(schema.object("$defs").members().keySet());
    });
  }

  private static java.util.Set<String> references(Json.Obj schema) {
    return java.util.regex.Pattern.compile("\"\\$ref\":\"#/\\$defs/([^\"]*)\"")
        .matcher(JsonText.text(schema))
        .results()
        .map(match -> match.group(1))
        .collect(java.util.stream.Collectors.toSet());
  }

  private void cancelled(String json) {
    codec.decode("dev.birgus.build-cancel-requested.v1", bytes(json));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
