package dev.birgus.cli.serve;

import dev.birgus.cli.configuration.ServeSettings;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.ingest.api.Tokens;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * The tokens of a server: those of a file, or one that is made once and kept in the state folder
 * for its owner alone.
 */
final class TokenFile {

  private static final int BYTES = 24;

  private TokenFile() {}

  static Tokens read(ServeSettings settings, Journal journal) {
    var given = settings.api().tokens();
    try {
      if (given.isPresent()) {
        return Tokens.parse(Files.readString(given.get()), given.get().toString());
      }
      var file = settings.state().directory().resolve("token");
      if (make(file)) {
        journal.log(
            Journal.Level.INFO,
            "made a token for the API; clients take it with --token-file",
            Map.of(LogKeys.PATH, file.toString()));
      }
      return Tokens.parse("submit " + Files.readString(file).strip(), file.toString());
    } catch (IOException failed) {
      throw Failure.of(
              "bad-tokens",
              "the file of tokens cannot be read: " + failed.getMessage(),
              "Check the setting api.tokens, and who may read the file.")
          .toException(failed);
    }
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
