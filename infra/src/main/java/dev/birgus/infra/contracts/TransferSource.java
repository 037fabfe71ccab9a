package dev.birgus.infra.contracts;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.oci.Digest;
import java.util.List;
import java.util.Optional;

/** One source of a COPY or ADD. */
public sealed interface TransferSource {

  /** As it is written, passwords left out; for messages. */
  String written();

  /** Whether it is always the same content: nothing outside of the build has a say in it. */
  boolean isPinned();

  /**
   * Files of the transfer's origin.
   *
   * @param written the pattern as written
   * @param paths of a context: paths in its index, wildcards already resolved; "" for all of it,
   *     none if a wildcard matched nothing. Of a stage or an image: one pattern, resolved in its
   *     root by the executor
   * @param include with {@code --parents}: the paths are directories, and of what is in them that
   *     which this pattern matches is taken, under its path in the directory
   * @param unpack whether a tar archive is unpacked instead of copied
   */
  record Files(String written, List<String> paths, Optional<String> include, boolean unpack)
      implements TransferSource {
    public Files {
      requireNonNull(written, "written");
      paths = List.copyOf(paths);
      requireNonNull(include, "include");
    }

    @Override
    public boolean isPinned() {
      return true;
    }
  }

  /**
   * A file whose content stands in the Dockerfile, mode 0644.
   *
   * @param name of the file, without slashes
   */
  record Text(String name, String content) implements TransferSource {
    public Text {
      requireNonNull(content, "content");
      requireFileName(name);
    }

    @Override
    public String written() {
      return "<<" + name;
    }

    @Override
    public boolean isPinned() {
      return true;
    }
  }

  /**
   * A file fetched over HTTP, mode 0600.
   *
   * @param url http or https; it may hold a password
   * @param name of the file, without slashes
   * @param checksum what its content must be
   * @param unpack whether a tar archive is unpacked instead of copied
   */
  record Download(String url, String name, Optional<Digest> checksum, boolean unpack)
      implements TransferSource {
    public Download {
      requireNonNull(url, "url");
      requireNonNull(checksum, "checksum");
      requireFileName(name);
    }

    @Override
    public String written() {
      return withoutPassword(url);
    }

    @Override
    public boolean isPinned() {
      return checksum.isPresent();
    }

    @Override
    public String toString() {
      return "Download[" + written() + "]";
    }
  }

  /**
   * The files of a git repository at one commit.
   *
   * @param remote what git fetches from; it may hold a password
   * @param ref branch, tag or commit; empty for the repository's default branch
   * @param subdirectory which part of it, "" for all
   * @param checksum the commit it must be, its first hexadecimal digits at least
   * @param keepGitDirectory whether {@code .git} is kept
   * @param submodules whether those are fetched too
   */
  record Repository(
      String remote,
      String ref,
      String subdirectory,
      Optional<String> checksum,
      boolean keepGitDirectory,
      boolean submodules)
      implements TransferSource {

    private static final String COMMIT = "[0-9a-f]{40}|[0-9a-f]{64}";

    public Repository {
      requireNonNull(remote, "remote");
      requireNonNull(ref, "ref");
      requireNonNull(subdirectory, "subdirectory");
      requireNonNull(checksum, "checksum");
      if (remote.startsWith("-") || ref.startsWith("-")) {
        throw new IllegalArgumentException("git would take it for an option");
      }
    }

    @Override
    public String written() {
      return withoutPassword(remote) + (ref.isEmpty() ? "" : "#" + ref);
    }

    @Override
    public boolean isPinned() {
      return ref.matches(COMMIT) || checksum.filter(text -> text.matches(COMMIT)).isPresent();
    }

    @Override
    public String toString() {
      return "Repository[" + written() + "]";
    }
  }

  /** A URL without what stands before an at sign in its host part: it may hold a password. */
  static String withoutPassword(String url) {
    var start = url.indexOf("://");
    if (start < 0 || url.matches("(ssh|git)://[^/:@]*@.*")) {
      return url;
    }
    var end = start + 3;
    var at = -1;
    while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
      at = url.charAt(end) == '@' ? end : at;
      end++;
    }
    return at < 0 ? url : url.substring(0, start + 3) + url.substring(at + 1);
  }

  private static void requireFileName(String name) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("not the name of a file: " + name);
    }
  }
}
