package dev.birgus.infra.registry;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.credentials.Credentials;
import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Says, for one registry, what went wrong and what to do about it. */
final class RegistryFailures {

  private static final int LONGEST_DETAIL = 300;

  private final String registry;
  private final Denials denials;

  private RegistryFailures(String registry, Denials denials) {
    this.registry = registry;
    this.denials = denials;
  }

  /** The failures of a registry; a refusal tells whose credentials it is about, or why of none. */
  static RegistryFailures of(String registry, Credentials credentials) {
    return new RegistryFailures(registry, new Denials(registry, credentials));
  }

  /** The registry, as an image reference names it. */
  String registry() {
    return registry;
  }

  /** No connection, or one that broke. */
  IOException network(String what, IOException cause) {
    if (cause instanceof RegistryException || cause instanceof TransientFailure) {
      return cause;
    }
    if (has(cause, SSLException.class)) {
      return tls(what, cause);
    }
    if (has(cause, UnresolvedAddressException.class) || has(cause, UnknownHostException.class)) {
      return unconnected(
          what, "the host name cannot be resolved", "check the name of the registry", cause);
    }
    if (has(cause, HttpConnectTimeoutException.class)) {
      return unconnected(
          what, "no connection in time", "check address, port, proxy and firewall", cause);
    }
    if (has(cause, ConnectException.class)) {
      return unconnected(
          what,
          "the connection was refused",
          "check that a registry listens there, and the port",
          cause);
    }
    var reason =
        has(cause, HttpTimeoutException.class)
            ? "no answer in time (" + clean(timeout(cause)) + ")"
            : "the connection broke (" + broken(cause) + ")";
    var failure = failure("registry-unreachable", what, reason, "try again");
    return new TransientFailure(new RegistryException(failure, cause), Optional.empty(), true);
  }

  /** No connection, or one that broke, where there is a proxy in between. */
  IOException proxied(String what, String proxy, IOException cause) {
    var reason = String.valueOf(cause.getMessage());
    if (reason.startsWith("Tunnel failed")) {
      var failure =
          failure(
              "proxy-refused",
              what,
              proxy + " does not connect to " + registry + " (" + clean(reason) + ")",
              "check what the proxy allows, or name the registry in NO_PROXY");
      return new TransientFailure(new RegistryException(failure, cause), Optional.empty(), false);
    }
    return network(what + " through " + proxy, cause);
  }

  /** The proxy wants to know who we are, or does not believe it. */
  RegistryException proxyDenied(String what, String proxy) {
    return new RegistryException(
        failure(
            "proxy-denied",
            what,
            proxy + " asks for a user name and a password, or does not accept those it was shown",
            "write them into HTTPS_PROXY and HTTP_PROXY, as in http://USER:PASSWORD@HOST:PORT"));
  }

  private TransientFailure unconnected(
      String what, String reason, String advice, IOException cause) {
    var failure = failure("registry-unreachable", what, reason, advice);
    return new TransientFailure(new RegistryException(failure, cause), Optional.empty(), false);
  }

  /** It asked for a certificate, got none, and has broken the connection. */
  TransientFailure certificateWanted(String what, IOException cause) {
    var failure = unaccepted(what, "it asks for a certificate and then breaks the connection");
    return new TransientFailure(new RegistryException(failure, cause), Optional.empty(), true);
  }

  private Failure unaccepted(String what, String detail) {
    return failure(
        "client-certificate-refused",
        what,
        "it does not accept who we are in TLS: " + detail,
        "show it a certificate it knows with --registry-client-cert="
            + registry
            + "=/path/certificate.pem,/path/key.pem");
  }

  private IOException tls(String what, IOException cause) {
    var detail = clean(deepest(cause, SSLException.class));
    if (detail.contains("SSL message")) {
      return new RegistryException(
          failure(
              "registry-untrusted",
              what,
              "it does not speak TLS",
              "if it serves plain http, allow that with --insecure-registry=" + registry),
          cause);
    }
    if (detail.contains("Received fatal alert") && detail.contains("certificate")) {
      return new RegistryException(unaccepted(what, detail), cause);
    }
    if (!has(cause, SSLHandshakeException.class)) {
      var failure = failure("registry-unreachable", what, "TLS failed: " + detail, "try again");
      return new TransientFailure(new RegistryException(failure, cause), Optional.empty(), true);
    }
    return new RegistryException(
        failure(
            "registry-untrusted",
            what,
            "its certificate is not accepted: " + detail,
            "give its authority with --registry-certificate="
                + registry
                + "=/path/ca.pem, or do without checking with --skip-tls-verify-registry="
                + registry),
        cause);
  }

  /** An answer that means no. The answer is read, but not closed. */
  IOException refused(String what, Answer answer) {
    var body = answer.text();
    var detail = detail(body, answer.contentType());
    var reason = "the registry answered " + answer.status() + detail;
    var status = answer.status();
    if ((status == 401 || status == 403) && !answer.own()) {
      return foreign(what, answer, detail);
    }
    if (status == 401 || status == 403) {
      return denials.because(what, reason, answer.shown(), status == 403);
    }
    if (isImmutableTag(body)) {
      return new RegistryException(
          failure(
              "tag-immutable",
              what,
              reason,
              "use another tag, or --push-ignore-immutable-tag-errors"));
    }
    if (status == 408 || status == 429 || isServersFault(status)) {
      var name = status == 429 ? "registry-throttled" : "registry-error";
      return new TransientFailure(
          new RegistryException(failure(name, what, reason, "try again later")),
          RetryAfter.of(answer.headers()),
          true);
    }
    if (isPlainOnTls(status, body)) {
      return new RegistryException(
          failure(
              "registry-error",
              what,
              reason,
              "it wants TLS: leave --insecure options for " + registry + " out"));
    }
    return new RegistryException(failure("registry-error", what, reason, ""));
  }

  /** Another host, which is shown no credentials of the registry's, wants to see some. */
  private RegistryException foreign(String what, Answer answer, String detail) {
    var host = answer.uri().getRawAuthority();
    return new RegistryException(
        failure(
            "registry-denied",
            what,
            registry + " sent us to " + host + ", which answered " + answer.status() + detail,
            "another host is shown no credentials: if it is the same registry, its own address is"
                + " configured wrong, or that of a proxy in front of it"));
  }

  /** What is asked for is not there. */
  RegistryException missing(String what) {
    return new RegistryException(
        failure(
            "image-not-found",
            what,
            "the registry has no such thing",
            "check the name and the tag"));
  }

  /** The registry says something we cannot make sense of. */
  RegistryException nonsense(String what, String reason, String advice) {
    return new RegistryException(failure("registry-error", what, reason, advice));
  }

  /** A web page in the place of a document. */
  RegistryException page(String what) {
    return nonsense(
        what,
        "it answered with a web page",
        "check that " + registry + " is a container registry, not a web site, proxy or login page");
  }

  /**
   * The credential was not accepted, or there is none.
   *
   * @param shown where the credential came from; empty if there was none
   */
  RegistryException denied(String what, String reason, Optional<String> shown) {
    return denials.because(what, reason, shown, false);
  }

  private Failure failure(String name, String what, String reason, String advice) {
    return Failure.of(name, "cannot " + what + ": " + reason, advice);
  }

  static boolean isServersFault(int status) {
    return switch (status) {
      case 499, 500, 502, 503, 504, 520, 521, 522, 523, 524 -> true;
      default -> false;
    };
  }

  static boolean isPlainOnTls(int status, String body) {
    return status == 400 && body.contains("HTTPS");
  }

  private static boolean isImmutableTag(String body) {
    var text = body.toLowerCase(Locale.ROOT);
    return text.contains("immutable") || text.contains("tag immutability");
  }

  /** What the registry says itself, from its list of errors. */
  static String detail(String body, String contentType) {
    if (body.isBlank()) {
      return "";
    }
    if (contentType.contains("html") || body.stripLeading().startsWith("<")) {
      return " with a web page";
    }
    try {
      if (JsonText.parse(body) instanceof Json.Obj object) {
        for (var item : object.array("errors")) {
          if (item instanceof Json.Obj error) {
            var code = error.string("code").orElse("");
            var message = error.string("message").orElse("");
            return " (" + clean(code + (message.isEmpty() ? "" : ": " + message)) + ")";
          }
        }
        for (var name : new String[] {"details", "message", "error_description", "error"}) {
          if (object.string(name).isPresent()) {
            return " (" + clean(object.string(name).get()) + ")";
          }
        }
      }
      return "";
    } catch (JsonSyntaxException _) {
      return " (" + clean(body.lines().findFirst().orElse("")) + ")";
    }
  }

  /** Text of others, made fit for one line of a terminal. */
  private static String clean(String text) {
    var result = new StringBuilder();
    for (var i = 0; i < text.length() && i < LONGEST_DETAIL; i++) {
      var c = text.charAt(i);
      result.append(Character.isISOControl(c) ? ' ' : c);
    }
    return result.toString().strip();
  }

  private static String broken(IOException cause) {
    var text = String.valueOf(cause.getMessage());
    return text.contains("received no bytes") ? "it ended without an answer" : clean(text);
  }

  private static String timeout(IOException cause) {
    for (Throwable next = cause; next != null; next = next.getCause()) {
      if (next instanceof HttpTimeoutException) {
        return String.valueOf(next.getMessage());
      }
    }
    return "";
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }

  private static String deepest(Throwable failure, Class<? extends Throwable> kind) {
    var message = String.valueOf(failure.getMessage());
    for (var cause = failure; cause != null; cause = cause.getCause()) {
      if (kind.isInstance(cause) || cause.getCause() == null) {
        message = String.valueOf(cause.getMessage());
      }
    }
    return message;
  }
}
