package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Platform;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something a RUN sees while it runs, and only then: nothing of it gets into a layer. Every word in
 * it is expanded, targets are absolute.
 */
public sealed interface RunMount {

  /**
   * Files of a context, a stage or an image.
   *
   * @param from whose; empty for an empty directory
   * @param source path from the root of {@code from}, without wildcards; "" for the root
   * @param writable whether the command may write; what it writes is thrown away
   */
  record Bind(String target, Optional<FileOrigin> from, String source, boolean writable)
      implements RunMount {
    public Bind {
      requireAbsolute(target);
      requireNonNull(from, "from");
      requireNonNull(source, "source");
    }
  }

  /**
   * A directory the node keeps for later builds.
   *
   * @param id what the directory is known by, together with platform, {@code from}, {@code source}
   *     and {@code owner}
   * @param from what a new one begins with; empty for nothing
   * @param source path from the root of {@code from}; "" for the root
   * @param owner of a new one; its mode is 0755 if not given
   */
  record Cache(
      String target,
      String id,
      Platform platform,
      Sharing sharing,
      boolean writable,
      Optional<FileOrigin> from,
      String source,
      Access owner)
      implements RunMount {
    public Cache {
      requireAbsolute(target);
      requireNonNull(id, "id");
      requireNonNull(platform, "platform");
      requireNonNull(sharing, "sharing");
      requireNonNull(from, "from");
      requireNonNull(source, "source");
      requireNonNull(owner, "owner");
    }
  }

  /** What several commands do that want one cache at the same time. */
  enum Sharing {
    /** They use it together. */
    SHARED,
    /** Each has one of its own. */
    PRIVATE,
    /** One waits for the other. */
    LOCKED
  }

  /**
   * An empty directory in memory.
   *
   * @param size bytes it may hold; empty for half of the machine's memory
   */
  record Tmpfs(String target, OptionalLong size, boolean writable) implements RunMount {
    public Tmpfs {
      requireAbsolute(target);
      requireNonNull(size, "size");
    }
  }

  /**
   * A secret, by its name: the value is read where the command runs.
   *
   * @param target the file it is in; empty for none
   * @param environment the variable it is in; empty for none
   * @param required whether the step fails if the build was not given it
   * @param access of the file; its mode is 0400 if not given
   */
  record Secret(
      String id,
      Optional<String> target,
      Optional<String> environment,
      boolean required,
      Access access)
      implements RunMount {
    public Secret {
      requireNonNull(id, "id");
      target.ifPresent(RunMount::requireAbsolute);
      requireNonNull(environment, "environment");
      requireNonNull(access, "access");
    }
  }

  /**
   * The socket of an SSH agent.
   *
   * @param required whether the step fails if the build was not given the agent
   * @param access of the socket; its mode is 0600 if not given
   */
  record Agent(String id, String target, boolean required, Access access) implements RunMount {
    public Agent {
      requireNonNull(id, "id");
      requireAbsolute(target);
      requireNonNull(access, "access");
    }
  }

  /**
   * A program written in the Dockerfile: a file anybody may execute.
   *
   * @param text of the file, which begins with {@code #!}
   */
  record Script(String target, String text) implements RunMount {
    public Script {
      requireAbsolute(target);
      requireNonNull(text, "text");
    }
  }

  /**
   * To whom something mounted belongs, and who may use it.
   *
   * @param uid 0 to 2³² - 2; 0 if not given
   * @param gid as uid
   * @param mode permission bits with setuid, setgid and sticky
   */
  record Access(OptionalLong uid, OptionalLong gid, Optional<Integer> mode) {

    /** Root's, with the usual mode. */
    public static final Access DEFAULT =
        new Access(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

    public Access {
      requireNonNull(uid, "uid");
      requireNonNull(gid, "gid");
      if (mode.isPresent() && (mode.get() & ~07777) != 0) {
        throw new IllegalArgumentException("no mode: " + Integer.toOctalString(mode.get()));
      }
    }
  }

  private static void requireAbsolute(String target) {
    if (!target.startsWith("/") || target.length() == 1) {
      throw new IllegalArgumentException("not a place to mount at: " + target);
    }
  }
}
