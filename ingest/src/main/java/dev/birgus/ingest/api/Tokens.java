package dev.birgus.ingest.api;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who may do what. A token stands on a line of its own, after its role and, where builds run on
 * somebody's account, its tenant: {@code submit team-a 3f9c…}. Lines that begin with a # are not
 * read. Only digests of tokens are kept in memory.
 */
public final class Tokens {

  /** Letters of a token at least: fewer can be guessed. */
  private static final int SHORTEST = 16;

  private static final String TENANT = "[A-Za-z0-9._-]{1,64}";

  private final List<Entry> entries;

  /**
   * Who somebody is.
   *
   * @param tenant whose builds and contexts these are; empty for somebody who is above all tenants
   */
  public record Holder(Role role, String tenant) {

    /** Whether it is nobody's in particular. */
    boolean isAboveTenants() {
      return tenant.isEmpty();
    }

    /** Whether what belongs to this tenant is there for the holder. */
    boolean sees(String owner) {
      return isAboveTenants() || tenant.equals(owner);
    }
  }

  private record Entry(Holder holder, Digested token) {}

  /** The digest of a token. */
  private static final class Digested {
    private final byte[] bytes;

    Digested(String token) {
      try {
        bytes = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
      } catch (NoSuchAlgorithmException impossible) {
        throw new AssertionError("every JDK has SHA-256", impossible);
      }
    }

    boolean matches(Digested other) {
      return MessageDigest.isEqual(bytes, other.bytes);
    }
  }

  private Tokens(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * The tokens of a file.
   *
   * @param text of the file
   * @param place where it was, for messages
   * @throws FailureException {@code bad-tokens} if a line cannot be read; the message does not show
   *     it
   */
  public static Tokens parse(String text, String place) {
    var entries = new ArrayList<Entry>();
    var number = 0;
    for (var line : text.lines().toList()) {
      number++;
      var stripped = line.strip();
      if (!stripped.isEmpty() && !stripped.startsWith("#")) {
        entries.add(entry(stripped.split("\\s+"), place + ", line " + number));
      }
    }
    if (entries.isEmpty()) {
      throw bad(place + " has no tokens");
    }
    return new Tokens(entries);
  }

  private static Entry entry(String[] words, String place) {
    if (words.length < 2 || words.length > 3) {
      throw bad(place + " is not of the form ROLE [TENANT] TOKEN");
    }
    var role = Role.named(words[0]).orElseThrow(() -> bad(place + ": the role is submit or read"));
    var tenant = words.length == 3 ? words[1] : "";
    if (!tenant.isEmpty() && !tenant.matches(TENANT)) {
      throw bad(place + ": a tenant has letters, digits, dots, dashes and underscores, at most 64");
    }
    var token = words[words.length - 1];
    if (token.length() < SHORTEST) {
      throw bad(place + ": a token has at least " + SHORTEST + " letters");
    }
    return new Entry(new Holder(role, tenant), new Digested(token));
  }

  private static FailureException bad(String message) {
    return Failure.of(
            "bad-tokens",
            message,
            "Write a role, submit or read, perhaps a tenant, and a token, on a line each.")
        .toException();
  }

  /**
   * Who shows this header.
   *
   * @param authorization {@code Bearer TOKEN}
   */
  public Optional<Holder> holder(String authorization) {
    var words = authorization.strip().split("\\s+", 2);
    if (words.length != 2 || !words[0].equalsIgnoreCase("Bearer")) {
      return Optional.empty();
    }
    var shown = new Digested(words[1].strip());
    var found = Optional.<Holder>empty();
    // All are looked at, so that the time it takes says nothing.
    for (var entry : entries) {
      if (entry.token().matches(shown)) {
        found = Optional.of(entry.holder());
      }
    }
    return found;
  }

  /** How many there are; nothing else of them is told. */
  @Override
  public String toString() {
    return "Tokens[" + entries.size() + "]";
  }
}
