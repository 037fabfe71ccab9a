package dev.birgus.infra.credentials.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.infra.credentials.CloudUnavailableException;
import dev.birgus.infra.credentials.Connections;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Map;

/** Asks token services that answer with a JSON object. Redirects are not followed. */
final class TokenRequests {

  private static final int LARGEST = 1 << 20;
  private static final int OK = 200;

  private final Connections connections;

  TokenRequests(Connections connections) {
    this.connections = connections;
  }

  /**
   * Sends a form.
   *
   * @param who is asked, for messages
   * @throws CloudUnavailableException if the answer is a refusal, or no JSON
   */
  Json.Obj post(URI address, Map<String, String> form, String who) throws IOException {
    var pairs = new ArrayList<String>();
    form.forEach((name, value) ->
        pairs.add(URLEncoder.encode(name, UTF_8) + "=" + URLEncoder.encode(value, UTF_8)));
    var connection = opened(address);
    try {
      connection.setRequestMethod("POST");
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/x-www-form-urlencoded");
      try (var output = connection.getOutputStream()) {
        output.write(String.join("&", pairs).getBytes(UTF_8));
      }
      return answer(connection, who);
    } finally {
      connection.disconnect();
    }
  }

  /**
   * Asks for something.
   *
   * @param who is asked, for messages
   * @throws CloudUnavailableException if the answer is a refusal, or no JSON
   */
  Json.Obj get(URI address, Map<String, String> headers, String who) throws IOException {
    var connection = opened(address);
    try {
      headers.forEach(connection::setRequestProperty);
      return answer(connection, who);
    } finally {
      connection.disconnect();
    }
  }

  private HttpURLConnection opened(URI address) throws IOException {
    var connection = connections.open(address);
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("Accept", "application/json");
    return connection;
  }

  private static Json.Obj answer(HttpURLConnection connection, String who) throws IOException {
    var status = connection.getResponseCode();
    try (var body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      var bytes = body == null ? new byte[0] : body.readNBytes(LARGEST);
      if (status != OK) {
        throw CloudUnavailableException.broken(who + " answered " + status + detail(bytes));
      }
      return JsonText.parseObject(bytes);
    } catch (JsonSyntaxException _) {
      throw CloudUnavailableException.broken(who + " answered with something that is not JSON");
    }
  }

  /** The name of the error, as OAuth has it; descriptions may repeat what was sent. */
  private static String detail(byte[] bytes) {
    try {
      return JsonText.parseObject(bytes)
          .string("error")
          .filter(code -> code.matches("[A-Za-z0-9_.-]{1,60}"))
          .map(code -> " (" + code + ")")
          .orElse("");
    } catch (JsonSyntaxException _) {
      return "";
    }
  }
}
