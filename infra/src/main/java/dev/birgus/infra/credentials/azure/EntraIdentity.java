package dev.birgus.infra.credentials.azure;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.birgus.infra.credentials.CloudUnavailableException;
import dev.birgus.infra.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who we are to Microsoft Entra, by the variables of its environment: a client and its secret, a
 * federated token (workload identity), or the managed identity of the machine.
 */
final class EntraIdentity {

  private static final String METADATA = "http://169.254.169.254";
  private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private final Map<String, String> environment;
  private final TokenRequests requests;

  EntraIdentity(Map<String, String> environment, TokenRequests requests) {
    this.environment = environment;
    this.requests = requests;
  }

  /** An access token for the cloud a registry is in. */
  String token(AcrRegistry place) throws IOException {
    var tenant = variable("AZURE_TENANT_ID");
    var client = variable("AZURE_CLIENT_ID");
    var proof = tenant.isPresent() && client.isPresent() ? proof() : Map.<String, String>of();
    return proof.isEmpty() ? managed(place) : byClient(place, proof);
  }

  /** What shows that we are the client; empty if there is nothing to show. */
  private Map<String, String> proof() throws IOException {
    var secret = variable("AZURE_CLIENT_SECRET");
    if (secret.isPresent()) {
      return Map.of("client_secret", secret.get());
    }
    var file = variable("AZURE_FEDERATED_TOKEN_FILE");
    var token =
        file.isPresent() ? Optional.of(read(file.get())) : variable("AZURE_FEDERATED_TOKEN");
    return token
        .map(text -> Map.of("client_assertion_type", ASSERTION, "client_assertion", text))
        .orElse(Map.of());
  }

  private static String read(String file) throws IOException {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException | RuntimeException unreadable) {
      throw CloudUnavailableException.broken(
          "cannot read the file " + file + " that AZURE_FEDERATED_TOKEN_FILE names", unreadable);
    }
  }

  private String byClient(AcrRegistry place, Map<String, String> proof) throws IOException {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "client_credentials");
    form.put("client_id", variable("AZURE_CLIENT_ID").orElse(""));
    form.put("scope", place.resource() + ".default");
    form.putAll(proof);
    var login = variable("AZURE_AUTHORITY_HOST").orElse(place.login());
    var tenant = encoded(variable("AZURE_TENANT_ID").orElse(""));
    var address =
        address(
            (login.endsWith("/") ? login : login + "/") + tenant + "/oauth2/v2.0/token",
            "AZURE_AUTHORITY_HOST");
    return accessToken(requests.post(address, form, "Microsoft Entra"));
  }

  /** The identity of an app service, a container app or a machine. */
  private String managed(AcrRegistry place) throws IOException {
    var client = variable("AZURE_CLIENT_ID").map(id -> "&client_id=" + encoded(id)).orElse("");
    var resource = "resource=" + encoded(place.resource()) + client;
    var endpoint = variable("IDENTITY_ENDPOINT");
    var header = variable("IDENTITY_HEADER");
    if (endpoint.isPresent() && header.isPresent()) {
      var address =
          address(endpoint.get() + "?api-version=2019-08-01&" + resource, "IDENTITY_ENDPOINT");
      return accessToken(
          requests.get(address, Map.of("X-IDENTITY-HEADER", header.get()), "the managed identity"));
    }
    var base = variable("AZURE_POD_IDENTITY_AUTHORITY_HOST").orElse(METADATA);
    var address =
        address(
            (base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                + "/metadata/identity/oauth2/token?api-version=2018-02-01&"
                + resource,
            "AZURE_POD_IDENTITY_AUTHORITY_HOST");
    try {
      return accessToken(requests.get(address, Map.of("Metadata", "true"), "the managed identity"));
    } catch (CloudUnavailableException refused) {
      throw refused;
    } catch (IOException _) {
      throw CloudUnavailableException.unconfigured(
          "AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET or AZURE_FEDERATED_TOKEN_FILE"
              + " are not all set, and no managed identity answers");
    }
  }

  private static URI address(String text, String variable) throws IOException {
    try {
      return new URI(text);
    } catch (URISyntaxException _) {
      throw CloudUnavailableException.broken("the variable " + variable + " is not an address");
    }
  }

  private static String accessToken(Json.Obj answer) throws IOException {
    return answer
        .string("access_token")
        .filter(token -> !token.isEmpty())
        .orElseThrow(() -> CloudUnavailableException.broken("Microsoft Entra gave no token"));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
