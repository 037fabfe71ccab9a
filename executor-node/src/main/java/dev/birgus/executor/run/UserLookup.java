package dev.birgus.executor.run;

import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.infra.contracts.Failure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Finds users and groups in the passwd and group files of a root, never in the node's. The rules
 * are docker's: of a user given alone RUN takes the group passwd says, or 0 for an id passwd does
 * not know, and {@code --chown} takes the id itself as the group of a numeric user.
 */
public final class UserLookup {

  private static final long LARGEST_FILE = 16L * 1024 * 1024;
  private static final long LARGEST_ID = 0xFFFF_FFFEL;

  private final FileSystem files;

  /** Looks in this root. */
  public UserLookup(FileSystem files) {
    this.files = files;
  }

  /**
   * Who a command runs as.
   *
   * @param groups supplementary groups, the primary one among them: a process without it could drop
   *     its primary group and with that whatever the group is denied (CVE-2022-36109)
   * @param home the home directory; {@code /} for a user passwd does not know
   */
  public record User(long uid, long gid, List<Long> groups, String home) {
    public User {
      groups = List.copyOf(groups);
    }
  }

  /** To whom a file belongs. */
  public record Owner(long uid, long gid) {

    /** Root and its group. */
    public static final Owner ROOT = new Owner(0, 0);
  }

  private record Entry(String name, long uid, long gid, String home) {}

  /**
   * Who {@code RUN} runs as.
   *
   * @param spec name or id, optionally with {@code :group}; empty for root
   * @throws dev.birgus.infra.contracts.FailureException {@code unknown-user} or {@code
   *     unknown-group} for a name the root does not know
   */
  public User forRun(String spec) throws IOException {
    var parts = split(spec);
    var entry = entry(parts.user());
    var uid = entry.isPresent() ? entry.get().uid() : numeric("user", parts.user());
    var home = entry.map(Entry::home).filter(path -> path.startsWith("/")).orElse(homeOf(uid));
    if (!parts.group().isEmpty()) {
      var gid = group(parts.group());
      return new User(uid, gid, List.of(gid), home);
    }
    if (entry.isEmpty()) {
      return new User(uid, 0, List.of(0L), home);
    }
    var gid = entry.get().gid();
    return new User(uid, gid, groups(entry.get().name(), gid), home);
  }

  /**
   * Whom {@code --chown}, or a directory made for a user, gives files to.
   *
   * @param spec name or id, optionally with {@code :group}; empty for root
   * @throws dev.birgus.infra.contracts.FailureException as {@link #forRun}
   */
  public Owner forFiles(String spec) throws IOException {
    var parts = split(spec);
    var id = id(parts.user());
    var entry = id.isPresent() ? Optional.<Entry>empty() : entry(parts.user());
    var uid = entry.isPresent() ? entry.get().uid() : numeric("user", parts.user());
    if (!parts.group().isEmpty()) {
      return new Owner(uid, group(parts.group()));
    }
    return new Owner(uid, entry.isPresent() ? entry.get().gid() : uid);
  }

  private record Parts(String user, String group) {}

  private static Parts split(String spec) {
    var colon = spec.indexOf(':');
    var user = colon < 0 ? spec : spec.substring(0, colon);
    return new Parts(user.isEmpty() ? "0" : user, colon < 0 ? "" : spec.substring(colon + 1));
  }

  private static String homeOf(long uid) {
    return uid == 0 ? "/root" : "/";
  }

  private Optional<Entry> entry(String user) throws IOException {
    var id = id(user);
    return find(
        "/etc/passwd",
        line -> {
          var fields = line.split(":", -1);
          if (fields.length < 6) {
            return Optional.empty();
          }
          var uid = id(fields[2]);
          var gid = id(fields[3]);
          if (uid.isEmpty() || gid.isEmpty()) {
            return Optional.empty();
          }
          var matches =
              fields[0].equals(user) || (id.isPresent() && uid.getAsLong() == id.getAsLong());
          return matches
              ? Optional.of(new Entry(fields[0], uid.getAsLong(), gid.getAsLong(), fields[5]))
              : Optional.empty();
        });
  }

  private long group(String group) throws IOException {
    var id = id(group);
    if (id.isPresent()) {
      return id.getAsLong();
    }
    Optional<Long> found =
        find(
            "/etc/group",
            line -> {
              var fields = line.split(":", -1);
              return fields.length >= 3 && fields[0].equals(group) && id(fields[2]).isPresent()
                  ? Optional.of(id(fields[2]).getAsLong())
                  : Optional.empty();
            });
    return found.isPresent() ? found.get() : numeric("group", group);
  }

  private List<Long> groups(String name, long primary) throws IOException {
    var groups = new TreeSet<Long>();
    find(
        "/etc/group",
        line -> {
          var fields = line.split(":", -1);
          if (fields.length >= 4
              && id(fields[2]).isPresent()
              && List.of(fields[3].split(",")).contains(name)) {
            groups.add(id(fields[2]).getAsLong());
          }
          return Optional.empty();
        });
    groups.add(primary);
    return List.copyOf(groups);
  }

  private static long numeric(String what, String text) {
    return id(text)
        .orElseThrow(() ->
            Failure.of(
                    "unknown-" + what,
                    "there is no " + what + " \"" + text + "\" in the image",
                    "create it before, or use a numeric id")
                .toException());
  }

  private static OptionalLong id(String text) {
    if (text.isEmpty() || text.length() > 10) {
      return OptionalLong.empty();
    }
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return OptionalLong.empty();
      }
    }
    var id = Long.parseLong(text);
    return id <= LARGEST_ID ? OptionalLong.of(id) : OptionalLong.empty();
  }

  private <T> Optional<T> find(String path, Function<String, Optional<T>> match)
      throws IOException {
    var resolved = files.resolve(path);
    var status = files.status(resolved);
    if (status.isEmpty() || status.get().kind() != Kind.FILE) {
      return Optional.empty();
    }
    if (status.get().size() > LARGEST_FILE) {
      throw Failure.of(
              "file-too-large",
              path + " of the image has " + status.get().size() + " bytes",
              "use numeric ids")
          .toException();
    }
    try (var reader =
        new BufferedReader(new InputStreamReader(files.read(resolved), StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        var found = match.apply(line);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }
}
