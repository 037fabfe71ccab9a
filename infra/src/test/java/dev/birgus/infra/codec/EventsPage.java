package dev.birgus.infra.codec;

import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What docs/events says of the topics others may write to or read from. */
final class EventsPage {

  private static final Map<Topic, List<Class<? extends Event>>> PUBLIC =
      Map.of(
          Topic.BUILDS,
          List.of(Event.BuildRequested.class, Event.BuildCancelRequested.class),
          Topic.EVENTS,
          List.of(
              Event.BuildPlanned.class,
              Event.PushAnnounced.class,
              Event.StageShared.class,
              Event.StageStarted.class,
              Event.StageHandedBack.class,
              Event.StageLeaseLost.class,
              Event.StepStarted.class,
              Event.StepFinished.class,
              Event.TransferProgressed.class,
              Event.LayerSealed.class,
              Event.StageFinished.class,
              Event.StageFailed.class,
              Event.BlobPushed.class,
              Event.DeliveryFinished.class,
              Event.BuildSucceeded.class,
              Event.BuildFailed.class,
              Event.BuildCancelled.class),
          Topic.LOGS,
          List.of(Event.LogChunk.class, Event.OutputMarked.class));

  private static final Map<Topic, String> ABOUT =
      Map.of(
          Topic.BUILDS,
          "Requests and cancellations. Whoever may write here may build.",
          Topic.EVENTS,
          "What becomes of builds, to be watched.",
          Topic.LOGS,
          "What steps print, and marks of servers that read it, to be passed over.");

  private EventsPage() {}

  /** The files of the folder, by their paths in it. */
  static Map<String, String> files() {
    var files = new TreeMap<String, String>();
    var schemas = new EventCodec().schemas();
    for (var topic : topics()) {
      for (var event : eventsOf(topic)) {
        var type = type(event);
        files.put(schemaFile(type), pretty(schemas.getOrDefault(type, Json.Obj.EMPTY)));
      }
    }
    files.put("asyncapi.json", pretty(asyncApi()));
    return files;
  }

  private static List<Topic> topics() {
    return List.of(Topic.BUILDS, Topic.EVENTS, Topic.LOGS);
  }

  private static List<Class<? extends Event>> eventsOf(Topic topic) {
    return PUBLIC.getOrDefault(topic, List.of());
  }

  private static String type(Class<? extends Event> event) {
    return "dev.birgus." + Names.dashed(event) + ".v1";
  }

  private static String schemaFile(String type) {
    return "schemas/" + type + ".json";
  }

  private static Json.Obj asyncApi() {
    var channels = Json.Obj.EMPTY;
    var operations = Json.Obj.EMPTY;
    var messages = Json.Obj.EMPTY;
    for (var topic : topics()) {
      var name = topic.topicName();
      var ofChannel = Json.Obj.EMPTY;
      for (var event : eventsOf(topic)) {
        messages = messages.with(event.getSimpleName(), message(event));
        ofChannel =
            ofChannel.with(
                event.getSimpleName(), ref("#/components/messages/" + event.getSimpleName()));
      }
      channels =
          channels.with(
              name,
              Json.Obj.EMPTY
                  .with("address", Json.of("birgus." + name))
                  .with("description", Json.of(ABOUT.getOrDefault(topic, "")))
                  .with("messages", ofChannel)
                  .with(
                      "bindings",
                      Json.Obj.EMPTY.with(
                          "kafka", Json.Obj.EMPTY.with("topic", Json.of("birgus." + name)))));
      operations =
          operations.with(
              topic == Topic.BUILDS ? "takeRequests" : "tell-" + name,
              Json.Obj.EMPTY
                  .with("action", Json.of(topic == Topic.BUILDS ? "receive" : "send"))
                  .with("channel", ref("#/channels/" + name)));
    }
    return Json.Obj.EMPTY
        .with("asyncapi", Json.of("3.0.0"))
        .with("info", info())
        .with("defaultContentType", Json.of("application/json"))
        .with("channels", channels)
        .with("operations", operations)
        .with("components", Json.Obj.EMPTY.with("messages", messages));
  }

  private static Json.Obj info() {
    return Json.Obj.EMPTY
        .with("title", Json.of("birgus"))
        .with("version", Json.of("1"))
        .with(
            "description",
            Json.of(
                "The topics of a pipeline others may write to or read from. Their prefix, birgus.,"
                    + " is a setting. Every record is a CloudEvent in binary mode whose key is the"
                    + " build."));
  }

  private static Json.Obj message(Class<? extends Event> event) {
    var type = type(event);
    return Json.Obj.EMPTY
        .with("name", Json.of(type))
        .with("contentType", Json.of("application/json"))
        .with("headers", headers(type))
        .with(
            "payload",
            Json.Obj.EMPTY
                .with("schemaFormat", Json.of("application/schema+json;version=draft-2020-12"))
                .with("schema", ref("./" + schemaFile(type))));
  }

  private static Json.Obj headers(String type) {
    var text = Json.Obj.EMPTY.with("type", Json.of("string"));
    var properties =
        Json.Obj.EMPTY
            .with("ce_specversion", text.with("const", Json.of("1.0")))
            .with("ce_type", text.with("const", Json.of(type)))
            .with("ce_id", text)
            .with("ce_source", text.with("format", Json.of("uri-reference")))
            .with("ce_subject", text)
            .with("ce_time", text.with("format", Json.of("date-time")));
    return Json.Obj.EMPTY
        .with("type", Json.of("object"))
        .with("required", new Json.Arr(List.of(Json.of("ce_type"))))
        .with("properties", properties);
  }

  private static Json.Obj ref(String to) {
    return Json.Obj.EMPTY.with("$ref", Json.of(to));
  }

  private static String pretty(Json document) {
    return pretty(document, "") + "\n";
  }

  private static String pretty(Json value, String indent) {
    var deeper = indent + "  ";
    return switch (value) {
      case Json.Obj(var members) when !members.isEmpty() -> {
        var lines = new ArrayList<String>();
        members.forEach((name, member) ->
            lines.add(deeper + text(Json.of(name)) + ": " + pretty(member, deeper)));
        yield "{\n" + String.join(",\n", lines) + "\n" + indent + "}";
      }
      case Json.Arr(var items) when items.stream().anyMatch(each -> !(each instanceof Json.Str)) ->
          "[\n"
              + String.join(
                  ",\n", items.stream().map(each -> deeper + pretty(each, deeper)).toList())
              + "\n"
              + indent
              + "]";
      case Json.Obj _, Json.Arr _, Json.Str _, Json.Num _, Json.Bool _, Json.Null _ -> text(value);
    };
  }

  private static String text(Json value) {
    return new String(JsonText.write(value), StandardCharsets.UTF_8);
  }
}
