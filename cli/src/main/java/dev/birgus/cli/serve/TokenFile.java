package dev.birgus.cli.serve;

import dev.birgus.cli.configuration.ServeSettings;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.ingest.api.Tokens;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The tokens of a server: those of a file, or one that is made once and kept in the state folder
 * for its owner alone. The file is read again when it has changed; what cannot be read then changes
 * nothing, and is told once.
 */
final class TokenFile implements Supplier<Tokens> {

  private static final int BYTES = 24;

  private final Path file;
  private final String role;
  private final Journal journal;
  private Stamp stamp;
  private Tokens tokens;

  /** What tells a file from itself after a change, also where it is replaced by another. */
  private record Stamp(String key, FileTime modified, long size) {
    static final Stamp NONE = new Stamp("", FileTime.fromMillis(0), -1);

    static Stamp of(Path file) throws IOException {
      var found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(String.valueOf(found.fileKey()), found.lastModifiedTime(), found.size());
    }
  }

  private TokenFile(Path file, String role, Journal journal) throws IOException {
    this.file = file;
    this.role = role;
    this.journal = journal;
    this.stamp = Stamp.of(file);
    this.tokens = read();
  }

  /**
   * The tokens the settings name.
   *
   * @throws dev.birgus.infra.contracts.FailureException {@code bad-tokens} if there is no such
   *     file, or a line of it cannot be read
   */
  static TokenFile open(ServeSettings settings, Journal journal) {
    var given = settings.api().tokens();
    try {
      if (given.isPresent()) {
        return new TokenFile(given.get(), "", journal);
      }
      var file = settings.state().directory().resolve("token");
      if (make(file)) {
        journal.log(
            Journal.Level.INFO,
            "made a token for the API; clients take it with --token-file",
            Map.of(LogKeys.PATH, file.toString()));
      }
      return new TokenFile(file, "submit ", journal);
    } catch (IOException failed) {
      throw Failure.of(
              "bad-tokens",
              "the file of tokens cannot be read: " + failed.getMessage(),
              "Check the setting api.tokens, and who may read the file.")
          .toException(failed);
    }
  }

  private Tokens read() throws IOException {
    var text = Files.readString(file);
    return Tokens.parse(role.isEmpty() ? text : role + text.strip(), file.toString());
  }

  /** Those of the file as it is now. */
  @Override
  public synchronized Tokens get() {
    var before = stamp;
    try {
      stamp = Stamp.of(file);
      if (!stamp.equals(before)) {
        tokens = read();
        journal.log(
            Journal.Level.INFO,
            "the tokens of the API have changed",
            Map.of(LogKeys.PATH, file.toString()));
      }
    } catch (IOException | FailureException unreadable) {
      if (unreadable instanceof IOException) {
        stamp = Stamp.NONE;
      }
      if (!stamp.equals(before)) {
        journal.log(
            Journal.Level.ERROR,
            "the file of tokens cannot be read any more; those it had are still good",
            Map.of(
                LogKeys.PATH,
                file.toString(),
                LogKeys.ERROR,
                String.valueOf(unreadable.getMessage())));
      }
    }
    return tokens;
  }

  private static boolean make(Path file) throws IOException {
    var bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    if (Files.exists(file)) {
      return false;
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    try (var channel =
        Files.newByteChannel(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      var text = HexFormat.of().formatHex(bytes) + "\n";
      var _ =
          channel.write(
              java.nio.ByteBuffer.wrap(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
      return true;
    } catch (FileAlreadyExistsException another) {
      return false;
    }
  }
}
