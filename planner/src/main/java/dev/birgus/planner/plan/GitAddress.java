package dev.birgus.planner.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a git repository is, and what of it is meant: {@code https://host/path.git}, {@code
 * ssh://…}, {@code git://…} or {@code user@host:path}, then {@code #ref:subdirectory} or {@code
 * ?ref=…&subdir=…}.
 *
 * @param remote what git fetches from
 * @param ref branch, tag or commit; "" for the default branch
 * @param subdirectory "" for all
 * @param checksum the commit it must be
 */
record GitAddress(
    String remote,
    String ref,
    String subdirectory,
    Optional<String> checksum,
    Optional<Boolean> keepGitDirectory,
    boolean submodules) {

  private static final List<String> KEYS =
      List.of("ref", "tag", "branch", "subdir", "checksum", "commit", "keep-git-dir", "submodules");

  /** Whether a source is a git repository by how it looks. */
  static boolean isOne(String source) {
    var path = source.substring(0, endOfPath(source));
    if (path.startsWith("http://") || path.startsWith("https://")) {
      return path.endsWith(".git");
    }
    return path.startsWith("ssh://")
        || path.startsWith("git://")
        || path.matches("[a-zA-Z0-9_-]+@[a-zA-Z0-9.-]+:.*");
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static GitAddress parse(String source) {
    if (!source.startsWith("http") && source.matches("[a-z]+://[^/@]*:[^/@]*@.*")) {
      throw new IllegalArgumentException("only http and https take a password");
    }
    var hash = source.indexOf('#');
    var fragment = hash < 0 ? "" : source.substring(hash + 1);
    var beforeHash = hash < 0 ? source : source.substring(0, hash);
    var question = beforeHash.indexOf('?');
    var query = query(question < 0 ? "" : beforeHash.substring(question + 1));
    var colon = fragment.indexOf(':');
    var ref = new Agreed("ref", colon < 0 ? fragment : fragment.substring(0, colon));
    var directory = new Agreed("subdir", colon < 0 ? "" : fragment.substring(colon + 1));
    ref.add(query.getOrDefault("ref", ""));
    if (query.containsKey("tag") && query.containsKey("branch")) {
      throw new IllegalArgumentException("it has a tag and a branch");
    }
    ref.add(prefixed("refs/tags/", query.getOrDefault("tag", "")));
    ref.add(prefixed("refs/heads/", query.getOrDefault("branch", "")));
    directory.add(query.getOrDefault("subdir", ""));
    var checksum = new Agreed("checksum", query.getOrDefault("checksum", ""));
    checksum.add(query.getOrDefault("commit", ""));
    return new GitAddress(
        question < 0 ? beforeHash : beforeHash.substring(0, question),
        ref.value,
        ContextPath.inRoot(directory.value),
        Optional.of(checksum.value).filter(text -> !text.isEmpty()),
        Optional.ofNullable(query.get("keep-git-dir")).map(text -> flag("keep-git-dir", text)),
        flag("submodules", query.getOrDefault("submodules", "")));
  }

  /** A value that may be given twice if it is the same. */
  private static final class Agreed {
    private final String name;
    private String value;

    Agreed(String name, String value) {
      this.name = name;
      this.value = value;
    }

    void add(String other) {
      if (!value.isEmpty() && !other.isEmpty() && !value.equals(other)) {
        throw new IllegalArgumentException(name + " is " + value + " and " + other);
      }
      value = value.isEmpty() ? other : value;
    }
  }

  private static int endOfPath(String source) {
    var end = 0;
    while (end < source.length() && "?#".indexOf(source.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  private static Map<String, String> query(String text) {
    var values = new HashMap<String, String>();
    for (var pair : text.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      var equals = pair.indexOf('=');
      var key = equals < 0 ? pair : pair.substring(0, equals);
      var value = equals < 0 ? "" : pair.substring(equals + 1);
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            key + " is not known in its query; there are " + String.join(", ", KEYS));
      }
      if (value.isEmpty() && !key.equals("keep-git-dir") && !key.equals("submodules")) {
        throw new IllegalArgumentException(key + " in its query has no value");
      }
      if (values.put(key, PercentEncoding.decode(value.replace('+', ' '))) != null) {
        throw new IllegalArgumentException(key + " is twice in its query");
      }
    }
    return values;
  }

  private static String prefixed(String prefix, String name) {
    return name.isEmpty() || name.startsWith(prefix) ? name : prefix + name;
  }

  private static boolean flag(String key, String text) {
    return switch (text) {
      case "", "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default ->
          throw new IllegalArgumentException(key + "=" + text + " is neither true nor false");
    };
  }
}
