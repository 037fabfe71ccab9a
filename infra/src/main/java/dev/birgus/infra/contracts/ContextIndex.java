package dev.birgus.infra.contracts;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The files of a build context that a build may see: what the ignore file excludes is not in it.
 * Paths are in the byte order of UTF-8, so a directory is before what is in it.
 */
public final class ContextIndex {

  private final NavigableMap<String, ContextEntry> entries;
  private final List<String> excluded;

  /**
   * An index of these entries.
   *
   * @param excluded paths the ignore file took out, for messages; it may be cut short
   */
  public ContextIndex(Collection<ContextEntry> entries, List<String> excluded) {
    var sorted = new TreeMap<String, ContextEntry>(ContextIndex::byteOrder);
    for (var entry : entries) {
      sorted.put(entry.path(), entry);
    }
    this.entries = Collections.unmodifiableNavigableMap(sorted);
    this.excluded = List.copyOf(excluded);
  }

  /**
   * Compares as the bytes of UTF-8 do, which is the order of code points. That of Java's characters
   * differs: they have surrogates, for code points above U+FFFF, before U+E000.
   */
  private static int byteOrder(String one, String other) {
    var common = Math.min(one.length(), other.length());
    for (var at = 0; at < common; at++) {
      var first = one.charAt(at);
      var second = other.charAt(at);
      if (first != second) {
        return Character.isSurrogate(first) == Character.isSurrogate(second)
            ? Character.compare(first, second)
            : codePointRank(first) - codePointRank(second);
      }
    }
    return one.length() - other.length();
  }

  private static int codePointRank(char character) {
    return Character.isSurrogate(character) ? Character.MAX_VALUE + 1 : character;
  }

  /** The entry at exactly this path. The root is the path "". */
  public Optional<ContextEntry> get(String path) {
    return Optional.ofNullable(entries.get(path));
  }

  /** All entries. */
  public Collection<ContextEntry> entries() {
    return entries.values();
  }

  /** The entries below this directory, at any depth, without the directory itself. */
  public Collection<ContextEntry> below(String directory) {
    if (directory.isEmpty()) {
      return entries.tailMap("", false).values();
    }
    return entries.subMap(directory + "/", false, directory + "0", false).values();
  }

  /** Paths the ignore file took out. A directory taken out stands for all that is in it. */
  public List<String> excluded() {
    return excluded;
  }
}
