package dev.birgus.infra.registry;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonSyntaxException;
import dev.birgus.infra.json.JsonText;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/** Lists of a registry, which come page by page, each naming the next one (RFC 8288). */
final class RegistryPages {

  /** No registry has so many; one that goes on for ever does. */
  private static final int MOST_PAGES = 10_000;

  private static final int LARGEST_PAGE = 4 << 20;

  /** Takes a page. */
  interface Reader {
    void take(Json.Obj page) throws IOException;
  }

  private record Page(boolean missing, Json.Obj content, Optional<URI> next) {}

  private final RegistryCalls calls;
  private final RetryPolicy retries;

  RegistryPages(RegistryCalls calls, RetryPolicy retries) {
    this.calls = calls;
    this.retries = retries;
  }

  /**
   * Reads all pages.
   *
   * @return whether the registry knows the list at all
   */
  boolean read(String what, String repository, String path, Reader reader) throws IOException {
    var first = calls.call(what, "GET", repository, path);
    var next = Optional.of(first.uri());
    for (var number = 0; next.isPresent(); number++) {
      if (number == MOST_PAGES) {
        throw calls.failures().nonsense(what, "its list has no end", "");
      }
      var call = first.at(next.get());
      var page = retries.run(() -> page(what, call));
      if (page.missing()) {
        return false;
      }
      reader.take(page.content());
      next = page.next();
    }
    return true;
  }

  private Page page(String what, Call call) throws IOException {
    var failures = calls.failures();
    try (var answer = calls.session().send(call)) {
      if (answer.status() == 404 || answer.status() == 405) {
        return new Page(true, Json.Obj.EMPTY, Optional.empty());
      }
      if (!answer.successful()) {
        throw failures.refused(what, answer);
      }
      if (answer.isPage()) {
        throw failures.page(what);
      }
      try {
        var bytes = answer.body().readNBytes(LARGEST_PAGE);
        return new Page(false, JsonText.parseObject(bytes), next(what, answer));
      } catch (JsonSyntaxException _) {
        throw failures.nonsense(what, "its list is no JSON", "check that it is a registry");
      } catch (IOException broken) {
        throw failures.network(what, broken);
      }
    }
  }

  /** The address in {@code Link: </v2/…>; rel="next"}. */
  private Optional<URI> next(String what, Answer answer) throws IOException {
    var link = answer.header("Link").orElse("");
    var end = link.indexOf('>');
    if (!link.startsWith("<") || end < 0 || !link.substring(end).contains("next")) {
      return Optional.empty();
    }
    return Optional.of(calls.session().resolve(answer, link.substring(1, end), what));
  }
}
