package dev.birgus.infra.doors;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;

/**
 * Which endpoint answers which request, by method and path. A part of a path in braces matches any
 * one part: {@code /v1/builds/{id}}. The first route that matches counts.
 */
public final class Routes {

  private final List<Route> routes = new ArrayList<>();

  private record Route(
      String method, List<String> parts, Endpoint endpoint, Optional<Semaphore> places) {}

  /**
   * What answers a request, and what its path says.
   *
   * @param places of requests of this route; empty if they are counted with all others
   */
  record Match(Endpoint endpoint, Map<String, String> parameters, Optional<Semaphore> places) {}

  /** Adds a route. */
  public Routes on(String method, String path, Endpoint endpoint) {
    return add(method, path, endpoint, Optional.empty());
  }

  /**
   * Adds a route whose answers last: they take no place of other requests.
   *
   * @param most how many are answered at once, at least 1
   */
  public Routes lasting(String method, String path, int most, Endpoint endpoint) {
    if (most < 1) {
      throw new IllegalArgumentException("a route answers a request: " + most);
    }
    return add(method, path, endpoint, Optional.of(new Semaphore(most)));
  }

  private Routes add(String method, String path, Endpoint endpoint, Optional<Semaphore> places) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with a slash: " + path);
    }
    routes.add(
        new Route(
            requireNonNull(method, "method"),
            parts(path),
            requireNonNull(endpoint, "endpoint"),
            places));
    return this;
  }

  /** Adds all routes of others. */
  public Routes and(Routes others) {
    routes.addAll(others.routes);
    return this;
  }

  Optional<Match> find(String method, String path) {
    var asked = parts(path);
    for (var route : routes) {
      var parameters = parameters(route.parts(), asked);
      if (route.method().equals(method) && parameters.isPresent()) {
        return Optional.of(new Match(route.endpoint(), parameters.get(), route.places()));
      }
    }
    return Optional.empty();
  }

  /** The methods there are routes of for this path; none if it is not known at all. */
  Set<String> methods(String path) {
    var asked = parts(path);
    var methods = new TreeSet<String>();
    for (var route : routes) {
      if (parameters(route.parts(), asked).isPresent()) {
        methods.add(route.method());
      }
    }
    return methods;
  }

  private static List<String> parts(String path) {
    return List.of(path.split("/", -1));
  }

  private static Optional<Map<String, String>> parameters(List<String> route, List<String> asked) {
    if (route.size() != asked.size()) {
      return Optional.empty();
    }
    var parameters = new HashMap<String, String>();
    for (var at = 0; at < route.size(); at++) {
      var part = route.get(at);
      if (part.startsWith("{")) {
        if (asked.get(at).isEmpty()) {
          return Optional.empty();
        }
        parameters.put(part.substring(1, part.length() - 1), asked.get(at));
      } else if (!part.equals(asked.get(at))) {
        return Optional.empty();
      }
    }
    return Optional.of(Map.copyOf(parameters));
  }
}
