package dev.birgus.infra.blobs;

import dev.birgus.infra.blobs.BlobPlace.Address;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The line that says where nodes have each other's blobs from.
 *
 * <pre>
 * own
 * dir:/mnt/blobs
 * s3://bucket/prefix?endpoint=https://minio:9000&amp;region=eu-west-1&amp;path-style=true
 * peers:node-a:8099,node-b:8099?listen=0.0.0.0:8099&amp;certificate=FILE&amp;key=FILE&amp;ca=FILE
 * </pre>
 */
public final class BlobPlaceSyntax {

  private static final String ADVICE =
      "Give own, dir:/DIRECTORY, s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME&path-style=true], or"
          + " peers:HOST:PORT[,...][?listen=HOST:PORT&certificate=FILE&key=FILE&ca=FILE].";

  private final String line;

  private BlobPlaceSyntax(String line) {
    this.line = line;
  }

  /**
   * Reads a line.
   *
   * @throws FailureException {@code bad-blob-place}, with the line and what is wrong with it
   */
  public static BlobPlace parse(String line) {
    return new BlobPlaceSyntax(line.strip()).place();
  }

  private BlobPlace place() {
    try {
      if (line.equals("own")) {
        return new BlobPlace.Own();
      }
      if (line.startsWith("dir:")) {
        return new BlobPlace.Shared(Path.of(line.substring("dir:".length())).normalize());
      }
      var question = line.indexOf('?');
      var rest = question < 0 ? line : line.substring(0, question);
      var options = options(question < 0 ? "" : line.substring(question + 1));
      if (line.startsWith("s3://")) {
        return s3(rest.substring("s3://".length()), options);
      }
      if (line.startsWith("peers:")) {
        return peers(rest.substring("peers:".length()), options);
      }
    } catch (InvalidPathException noPath) {
      throw bad(noPath.getReason());
    } catch (IllegalArgumentException wrong) {
      throw bad(String.valueOf(wrong.getMessage()));
    }
    throw bad("it begins with none of own, dir:, s3: and peers:");
  }

  private static Map<String, String> options(String query) {
    var options = new LinkedHashMap<String, String>();
    for (var part : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      var equals = part.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("\"" + part + "\" is no option with a value");
      }
      var value = URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8);
      if (value.isEmpty() || options.put(part.substring(0, equals), value) != null) {
        throw new IllegalArgumentException(
            "the option " + part.substring(0, equals) + " has no value, or is given twice");
      }
    }
    return options;
  }

  private BlobPlace s3(String rest, Map<String, String> options) {
    var slash = rest.indexOf('/');
    var bucket = slash < 0 ? rest : rest.substring(0, slash);
    var folder = slash < 0 ? "" : rest.substring(slash + 1);
    var prefix = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
    var endpoint = Optional.ofNullable(options.remove("endpoint")).map(BlobPlaceSyntax::endpoint);
    var region = Optional.ofNullable(options.remove("region"));
    var style = Optional.ofNullable(options.remove("path-style")).map(BlobPlaceSyntax::yes);
    refuseOthers(options);
    // Servers other than Amazon's seldom have a name for each bucket.
    return new BlobPlace.S3(bucket, prefix, endpoint, region, style.orElse(endpoint.isPresent()));
  }

  private static URI endpoint(String text) {
    try {
      var endpoint = new URI(text);
      var scheme = String.valueOf(endpoint.getScheme());
      if (!(scheme.equals("http") || scheme.equals("https"))
          || endpoint.getHost() == null
          || endpoint.getUserInfo() != null) {
        throw new IllegalArgumentException("the endpoint is no http or https address of a host");
      }
      return endpoint;
    } catch (URISyntaxException broken) {
      throw new IllegalArgumentException("the endpoint is no address", broken);
    }
  }

  private static boolean yes(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("\"" + text + "\" is neither true nor false");
    };
  }

  private BlobPlace peers(String rest, Map<String, String> options) {
    var addresses = Arrays.stream(rest.split(",", -1)).map(BlobPlaceSyntax::address).toList();
    var listen =
        Optional.ofNullable(options.remove("listen"))
            .map(BlobPlaceSyntax::address)
            .orElseGet(() -> new Address("0.0.0.0", addresses.getFirst().port()));
    var tls = tls(options);
    refuseOthers(options);
    return new BlobPlace.Peers(addresses, listen, tls);
  }

  private static Optional<BlobPlace.Tls> tls(Map<String, String> options) {
    var certificate = options.remove("certificate");
    var key = options.remove("key");
    var authority = options.remove("ca");
    if (certificate == null && key == null && authority == null) {
      return Optional.empty();
    }
    if (certificate == null || key == null || authority == null) {
      throw new IllegalArgumentException("TLS needs all of certificate, key and ca");
    }
    return Optional.of(new BlobPlace.Tls(Path.of(certificate), Path.of(key), Path.of(authority)));
  }

  private static Address address(String text) {
    var colon = text.lastIndexOf(':');
    var host = colon < 0 ? "" : text.substring(0, colon);
    var isBracketed = host.startsWith("[") && host.endsWith("]");
    if (!isBracketed && host.contains(":")) {
      throw new IllegalArgumentException("an IP address with colons needs brackets: " + text);
    }
    try {
      return new Address(
          isBracketed ? host.substring(1, host.length() - 1) : host,
          Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException noPort) {
      throw new IllegalArgumentException("\"" + text + "\" is no host and port", noPort);
    }
  }

  private static void refuseOthers(Map<String, String> options) {
    if (!options.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no option " + options.keySet().iterator().next());
    }
  }

  private FailureException bad(String why) {
    return Failure.of("bad-blob-place", "the place of blobs \"" + line + "\": " + why, ADVICE)
        .toException();
  }
}
