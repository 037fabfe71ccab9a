package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.ContextEntry.Identity;
import dev.birgus.infra.contracts.ContextIndex;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Packs a directory to the tar in which a context travels: what the ignore rules leave, in the byte
 * order of the names. Equal files give equal bytes on every machine.
 *
 * <p>Modes, times of modification to the nanosecond, symbolic and hard links are kept: COPY takes
 * them. Owners are not, which COPY does not take, and neither are other times. Devices, fifos and
 * sockets are left out and counted, extended attributes are lost and counted. The paths that the
 * rules took out come along as a record of the root, for messages.
 */
public final class ContextPacker {

  /** The record of the root's extended header that names what was left out, NUL between paths. */
  static final String EXCLUDED = "BIRGUS.excluded";

  private static final int LONGEST_EXCLUDED = 1 << 18;
  private static final int BUFFER = 1 << 16;

  private final Path directory;
  private final IgnoreRules rules;

  /**
   * A packer of one context.
   *
   * @param directory real path of a directory
   * @param rules what of it a build does not see
   */
  public ContextPacker(Path directory, IgnoreRules rules) {
    this.directory = requireNonNull(directory, "directory");
    this.rules = requireNonNull(rules, "rules");
  }

  /**
   * What was packed.
   *
   * @param entries in the tar
   * @param bytes of file content
   * @param specialFiles devices, fifos and sockets that were left out
   * @param lostAttributes files with extended attributes of users, which were lost
   */
  public record Report(long entries, long bytes, long specialFiles, long lostAttributes) {}

  /**
   * A context in a blob store.
   *
   * @param ref the name by which any node can open it that sees the store
   */
  public record Packed(ContextRef ref, Report report) {
    public Packed {
      requireNonNull(ref, "ref");
      requireNonNull(report, "report");
    }
  }

  /**
   * Packs into a store; when this returns the blob is there.
   *
   * @throws FailureException {@code context-changed} if files change meanwhile, {@code
   *     unreadable-context} if one may not be read
   * @throws IOException if the store takes nothing; nothing is left in it
   */
  public Packed pack(BlobStore blobs) throws IOException {
    try (var writer = blobs.create()) {
      var report = pack(writer);
      return new Packed(ContextRef.inBlob(writer.commit()), report);
    }
  }

  /**
   * Packs onto a stream, which is not closed.
   *
   * @throws FailureException as {@link #pack(BlobStore)}
   */
  public Report pack(OutputStream out) throws IOException {
    var index = new LocalContext(directory, rules).index(Set.of(""));
    return new Packing(new ContextTar(out), index).run();
  }

  /** One context on its way into a tar. */
  private final class Packing {
    private final ContextTar tar;
    private final ContextIndex index;

    /** The first name of every file: another one is a link to it. */
    private final Map<Identity, String> names = new HashMap<>();

    private final byte[] buffer = new byte[BUFFER];
    private long entries;
    private long bytes;
    private long specialFiles;
    private long lostAttributes;

    Packing(ContextTar tar, ContextIndex index) {
      this.tar = tar;
      this.index = index;
    }

    Report run() throws IOException {
      for (var entry : index.entries()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted");
        }
        add(entry);
      }
      tar.finish();
      return new Report(entries, bytes, specialFiles, lostAttributes);
    }

    private void add(ContextEntry entry) throws IOException {
      switch (entry.kind()) {
        case DIRECTORY -> addDirectory(entry);
        case SYMLINK ->
            put(entry, ContextTar.SYMBOLIC_LINK, entry.path(), entry.linkTarget().orElseThrow());
        case FILE -> addFile(entry);
        case OTHER -> specialFiles++;
      }
    }

    private void addDirectory(ContextEntry entry) throws IOException {
      if (entry.path().isEmpty()) {
        var note =
            index.excluded().isEmpty()
                ? Map.<String, String>of()
                : Map.of(EXCLUDED, excluded(index.excluded()));
        tar.begin(entry, ContextTar.DIRECTORY, "./", "", 0, note);
        entries++;
      } else {
        put(entry, ContextTar.DIRECTORY, entry.path() + "/", "");
      }
    }

    private void addFile(ContextEntry entry) throws IOException {
      var first = names.putIfAbsent(entry.identity(), entry.path());
      if (first != null) {
        put(entry, ContextTar.HARD_LINK, entry.path(), first);
        return;
      }
      tar.begin(entry, ContextTar.FILE, entry.path(), "", entry.size(), Map.of());
      addContent(entry);
      tar.end(entry.size());
      entries++;
    }

    private void addContent(ContextEntry entry) throws IOException {
      var file = directory.resolve(entry.path());
      var left = entry.size();
      try (var content =
          Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
        if (hasAttributes(file)) {
          lostAttributes++;
        }
        while (left > 0) {
          var count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
          if (count < 0) {
            throw changed(file);
          }
          tar.content(buffer, count);
          left -= count;
        }
        if (content.read() >= 0) {
          throw changed(file);
        }
      } catch (NoSuchFileException gone) {
        throw changed(file);
      } catch (AccessDeniedException denied) {
        throw ContextWalk.unreadable(file, denied);
      }
      bytes += entry.size();
    }

    private void put(ContextEntry entry, char type, String name, String link) throws IOException {
      tar.begin(entry, type, name, link, 0, Map.of());
      entries++;
    }
  }

  private static boolean hasAttributes(Path file) {
    try {
      var view =
          Files.getFileAttributeView(
              file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      return view != null && !view.list().isEmpty();
    } catch (IOException noneHere) {
      return false;
    }
  }

  private static String excluded(List<String> paths) {
    var text = new StringBuilder();
    for (var path : paths) {
      if (text.length() + path.length() >= LONGEST_EXCLUDED) {
        break;
      }
      text.append(text.isEmpty() ? "" : "\0").append(path);
    }
    return text.toString();
  }

  private static FailureException changed(Path file) {
    return Failure.of(
            "context-changed",
            file + " has changed while the build context was packed",
            "Let nothing write to the build context meanwhile, or exclude it in .dockerignore.")
        .toException();
  }
}
