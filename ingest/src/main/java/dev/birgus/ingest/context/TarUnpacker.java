package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.node.PlainTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a tar nobody vouches for. Whatever its entries are called and point to, nothing outside
 * the root is made, changed or read: names are cleaned and contained, no symbolic link is ever
 * followed, hard links go to files of the archive, and devices are left out.
 */
public final class TarUnpacker {

  private static final int BUFFER = 1 << 16;
  private static final String CAPABILITY_PREFIX = "SCHILY.xattr.";
  private static final int LARGEST_RECORDS = 2 << 20;
  private static final int LONGEST_PATH = 4096;

  private final UnpackLimits limits;

  /** An unpacker that stops at these limits. */
  public TarUnpacker(UnpackLimits limits) {
    this.limits = requireNonNull(limits, "limits");
  }

  /**
   * Unpacks into a directory that is made here; if that fails nothing of it is left.
   *
   * @param archive plain, or compressed with gzip or bzip2; read to its end and not closed
   * @param name of the archive, for messages
   * @param root a path where nothing is yet
   * @throws FailureException if the archive is malformed, hostile or larger than the limits
   */
  public UnpackReport unpack(InputStream archive, String name, Path root) {
    try {
      Files.createDirectory(root);
      var unpacking = new Unpacking(new UnpackedFiles(root));
      unpacking.run(ArchiveStream.decompressed(archive, name));
      return unpacking.report();
    } catch (IOException | InvalidPathException e) {
      removeAfter(e, root);
      throw Failure.of(
              "bad-archive",
              "the build context " + name + " cannot be unpacked: " + describe(e),
              "Check that it is a whole tar and that the disk has room for what is in it.")
          .toException(e);
    } catch (RuntimeException e) {
      removeAfter(e, root);
      throw e;
    }
  }

  private static void removeAfter(Exception cause, Path root) {
    try {
      PlainTree.remove(root);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  private static String describe(Exception e) {
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + " is missing";
    }
    if (e instanceof FileSystemException system && system.getReason() != null) {
      return system.getFile() + ": " + system.getReason();
    }
    var message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  /** One archive on its way to the disk. */
  private final class Unpacking {
    private final UnpackedFiles files;
    private final byte[] buffer = new byte[BUFFER];
    private long entries;
    private long bytes;
    private long specialFiles;
    private long lostAttributes;
    private List<String> excluded = List.of();

    Unpacking(UnpackedFiles files) {
      this.files = files;
    }

    UnpackReport report() {
      return new UnpackReport(
          entries, bytes, specialFiles, lostAttributes, files.keepsOwners(), excluded);
    }

    void run(InputStream plain) throws IOException {
      var budget = new HeaderBudget(plain);
      // Closing would close the caller's stream, and there is nothing else to release.
      @SuppressWarnings("resource")
      var tar = new TarArchiveInputStream(budget, StandardCharsets.UTF_8.name());
      for (var entry = next(tar, budget); entry != null; entry = next(tar, budget)) {
        budget.beginContent();
        countEntry(entry);
        try {
          unpack(entry, tar);
        } catch (IOException | InvalidPathException e) {
          throw new IOException("entry \"" + entry.getName() + "\": " + describe(e), e);
        }
        drain(tar);
      }
      // A writer on a pipe must not be cut off, and gzip has its checksum at the end.
      budget.beginContent();
      drain(plain);
      files.finish();
    }

    private @Nullable TarArchiveEntry next(TarArchiveInputStream tar, HeaderBudget budget)
        throws IOException {
      budget.beginHeader();
      try {
        var entry = tar.getNextEntry();
        if (entry != null && !entry.isCheckSumOK()) {
          throw new IOException("a header's checksum is wrong");
        }
        return entry;
      } catch (IOException | RuntimeException e) {
        // The library gives up on some malformed headers with exceptions of other kinds.
        var place = entries == 0 ? "it is not a tar" : "it is damaged after entry " + entries;
        throw new IOException(place + ": " + describe(e), e);
      }
    }

    private void countEntry(TarArchiveEntry entry) throws IOException {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted");
      }
      entries++;
      if (entries > limits.entries()) {
        throw new IOException("it has more than " + limits.entries() + " entries");
      }
      countRecords(entry);
    }

    /** Those of all entries are repeated with each: so nothing gathers that is not seen here. */
    private void countRecords(TarArchiveEntry entry) throws IOException {
      var size = 0L;
      var hasAttributes = false;
      for (var record : entry.getExtraPaxHeaders().entrySet()) {
        size += record.getKey().length() + record.getValue().length();
        hasAttributes |= record.getKey().startsWith(CAPABILITY_PREFIX);
      }
      if (size > LARGEST_RECORDS) {
        throw new IOException(
            "its extended headers are larger than " + LARGEST_RECORDS + " characters");
      }
      lostAttributes += hasAttributes ? 1 : 0;
    }

    private void unpack(TarArchiveEntry entry, TarArchiveInputStream tar) throws IOException {
      var attributes = attributes(entry);
      if (entry.isDirectory()) {
        var note = entry.getExtraPaxHeader(ContextPacker.EXCLUDED);
        if (note != null) {
          excluded =
              Stream.of(note.split("\0", -1)).filter(path -> path.length() < LONGEST_PATH).toList();
        }
        files.directory(entry.getName(), attributes);
        return;
      }
      switch (entry.getLinkFlag()) {
        case '0', 0, '7', 'S' -> file(entry, tar, attributes);
        case '1' -> files.hardLink(entry.getName(), entry.getLinkName());
        case '2' -> files.symbolicLink(entry.getName(), entry.getLinkName(), attributes);
        case '3', '4', '6' -> specialFiles++;
        case 'V' -> {} // a label for the whole archive
        default ->
            throw new IOException(
                "entries of type '" + (char) entry.getLinkFlag() + "' are not supported");
      }
    }

    private UnpackedFiles.Attributes attributes(TarArchiveEntry entry) throws IOException {
      var uid = entry.getLongUserId();
      var gid = entry.getLongGroupId();
      if (uid < 0 || uid >= 0xffff_ffffL || gid < 0 || gid >= 0xffff_ffffL) {
        throw new IOException("owner " + uid + ":" + gid + " is out of range");
      }
      return new UnpackedFiles.Attributes(
          entry.getMode() & 07777, (int) uid, (int) gid, entry.getLastModifiedTime());
    }

    private void file(
        TarArchiveEntry entry, TarArchiveInputStream tar, UnpackedFiles.Attributes attributes)
        throws IOException {
      if (!tar.canReadEntryData(entry)) {
        throw new IOException("sparse files of this kind are not supported");
      }
      // Said before a file of holes is written out to the limit.
      if (entry.getRealSize() > limits.bytes() - bytes) {
        throw tooLarge();
      }
      var path = files.place(entry.getName());
      try (var out = files.create(path)) {
        for (var count = tar.read(buffer); count >= 0; count = tar.read(buffer)) {
          bytes += count;
          if (bytes > limits.bytes()) {
            throw tooLarge();
          }
          out.write(buffer, 0, count);
        }
      }
      files.apply(path, attributes);
    }

    private IOException tooLarge() {
      return new IOException("it unpacks to more than " + limits.bytes() + " bytes");
    }

    /** Reads the rest, which may be as large as all the rest was allowed to be. */
    private void drain(InputStream stream) throws IOException {
      var left = limits.bytes();
      for (var count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        left -= count;
        if (left < 0) {
          throw new IOException("there are more than " + limits.bytes() + " bytes after its end");
        }
      }
    }
  }
}
