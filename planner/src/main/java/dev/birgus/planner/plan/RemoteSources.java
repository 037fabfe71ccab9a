package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.SourceLocation;
import dev.birgus.infra.contracts.TransferSource;
import dev.birgus.infra.contracts.TransferSource.Download;
import dev.birgus.infra.contracts.TransferSource.Repository;
import dev.birgus.infra.oci.Digest;
import java.util.Optional;

/** The sources of an ADD that are somewhere else: URLs and git repositories. */
final class RemoteSources {

  /** What a file is called whose URL names none, as BuildKit has it. */
  private static final String UNNAMED = "__unnamed__";

  private final TransferWords words;

  RemoteSources(TransferWords words) {
    this.words = words;
  }

  /** Whether a source is somewhere else. */
  static boolean isRemote(String source) {
    return isUrl(source) || GitAddress.isOne(source);
  }

  /** The remote source of this text; empty if it is a path. */
  Optional<TransferSource> read(String source) {
    if (!isRemote(source)) {
      return Optional.empty();
    }
    if (words.name().equals("COPY")) {
      throw invalid(
          "remote-source",
          "COPY " + TransferSource.withoutPassword(source) + ": COPY takes no remote sources",
          "use ADD",
          words.placeOf(source));
    }
    try {
      return Optional.of(GitAddress.isOne(source) ? repository(source) : download(source));
    } catch (IllegalArgumentException wrong) {
      throw invalid(
          "invalid-remote-source",
          "ADD " + TransferSource.withoutPassword(source) + ": " + wrong.getMessage(),
          "see the instruction ADD in the Dockerfile reference",
          words.placeOf(source));
    }
  }

  /** A checksum is of one remote source. */
  void checkChecksum() {
    if (words.checksum().isPresent()
        && (words.sources().size() != 1 || !isRemote(words.sources().getFirst()))) {
      throw invalid(
          "invalid-checksum",
          "--checksum=" + words.checksum().get() + " needs one source that is a URL",
          "write an ADD of its own for it, or leave the option out",
          words.placeOfChecksum());
    }
  }

  private TransferSource download(String url) {
    return new Download(
        url, fileName(url), words.checksum().map(this::digest), words.unpack().orElse(false));
  }

  private Digest digest(String checksum) {
    try {
      return Digest.parse(checksum);
    } catch (IllegalArgumentException wrong) {
      throw Refusals.invalid(
              "invalid-checksum",
              "--checksum=" + checksum + " is no digest",
              "write --checksum=sha256: and 64 hexadecimal digits",
              words.placeOfChecksum())
          .toException(wrong);
    }
  }

  private TransferSource repository(String source) {
    var address = GitAddress.parse(source);
    var keeps = address.keepGitDirectory();
    if (keeps.isPresent()
        && words.keepGitDirectory().isPresent()
        && !keeps.equals(words.keepGitDirectory())) {
      throw new IllegalArgumentException("--keep-git-dir and keep-git-dir in the URL differ");
    }
    var checksum = words.checksum().or(address::checksum);
    if (address.checksum().isPresent() && !address.checksum().equals(checksum)) {
      throw new IllegalArgumentException("--checksum and the checksum in the URL differ");
    }
    if (checksum.isPresent() && !checksum.get().matches("[0-9a-f]{7,64}")) {
      throw new IllegalArgumentException(
          "the checksum " + checksum.get() + " is no commit: 7 to 64 hexadecimal digits");
    }
    return new Repository(
        address.remote(),
        address.ref().isEmpty() ? checksum.orElse("") : address.ref(),
        address.subdirectory(),
        checksum,
        keeps.or(words::keepGitDirectory).orElse(false),
        address.submodules());
  }

  private static boolean isUrl(String source) {
    return source.startsWith("http://") || source.startsWith("https://");
  }

  /** The last name in the path of a URL, its percent signs decoded. */
  private static String fileName(String url) {
    var start = url.indexOf("://") + 3;
    var end = start;
    while (end < url.length() && "?#".indexOf(url.charAt(end)) < 0) {
      end++;
    }
    var slash = url.indexOf('/', start);
    if (slash == start || start == end) {
      throw new IllegalArgumentException("there is no host in it");
    }
    var path = slash < 0 || slash > end ? "" : PercentEncoding.decode(url.substring(slash, end));
    var last = path.length();
    while (last > 0 && path.charAt(last - 1) == '/') {
      last--;
    }
    var name = ContextPath.name(path.substring(0, last));
    if (name.equals("..") || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("its last name cannot be a file's");
    }
    return name.isEmpty() || name.equals(".") ? UNNAMED : name;
  }

  private static RuntimeException invalid(
      String name, String message, String advice, SourceLocation at) {
    return Refusals.invalid(name, message, advice, at).toException();
  }
}
