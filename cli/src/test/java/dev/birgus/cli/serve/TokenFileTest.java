package dev.birgus.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.cli.configuration.MachineFacts;
import dev.birgus.cli.configuration.ServeArguments;
import dev.birgus.cli.configuration.ServeSettings;
import dev.birgus.cli.configuration.SettingsReader;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {

  private static final String FIRST = "the-first-token-of-all";
  private static final String SECOND = "another-token-after-it";

  @TempDir private Path folder;

  private final List<String> told = new ArrayList<>();

  private TokenFile open(String... flags) {
    var words = new ArrayList<>(List.of("--state-dir=" + folder));
    words.addAll(List.of(flags));
    return TokenFile.open(
        settings(words), (level, message, context) -> told.add(level + " " + message + context));
  }

  private ServeSettings settings(List<String> words) {
    return SettingsReader.read(
        ServeArguments.read(words).configuration(Map.of(), folder),
        new MachineFacts(
            Map.of(), folder, Platform.parse("linux/amd64"), "host", "/nowhere", 4, 8L << 30));
  }

  private void write(String text) throws IOException {
    // As orchestrators do it: another file in the place of the one before.
    var next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, folder.resolve("tokens"), StandardCopyOption.REPLACE_EXISTING);
  }

  private static boolean knows(TokenFile file, String token) {
    return file.get().holder("Bearer " + token).isPresent();
  }

  @Test
  void aTokenIsMadeOnceForItsOwnerAlone() throws IOException {
    // when
    var first = open();
    var token = Files.readString(folder.resolve("token")).strip();
    var again = open();

    // then
    assertThat(knows(first, token)).isTrue();
    assertThat(knows(again, token)).isTrue();
    assertThat(Files.getPosixFilePermissions(folder.resolve("token")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(told.toString()).doesNotContain(token);
  }

  @Test
  void tokensAreGoodAndNotGoodAsTheFileChanges() throws IOException {
    // given
    write("submit " + FIRST + "\n");
    var file = open("--api-tokens=tokens");
    assertThat(knows(file, FIRST)).isTrue();

    // when
    write("submit " + FIRST + "\nread " + SECOND + "\n");
    assertThat(knows(file, SECOND)).isTrue();
    write("read " + SECOND + "\n");

    // then
    assertThat(knows(file, FIRST)).isFalse();
    assertThat(knows(file, SECOND)).isTrue();
  }

  @Test
  void aFileThatCannotBeReadChangesNothingAndIsToldOnce() throws IOException {
    // given
    write("submit " + FIRST + "\n");
    var file = open("--api-tokens=tokens");

    // when
    write("nonsense " + SECOND + "\n");
    assertThat(knows(file, FIRST)).isTrue();
    assertThat(knows(file, SECOND)).isFalse();
    Files.delete(folder.resolve("tokens"));
    assertThat(knows(file, FIRST)).isTrue();
    assertThat(knows(file, FIRST)).isTrue();

    // then
    assertThat(told).hasSize(2).allMatch(each -> each.startsWith("ERROR"));
    assertThat(told.toString()).doesNotContain(SECOND);
    write("submit " + SECOND + "\n");
    assertThat(knows(file, SECOND)).isTrue();
  }

  @Test
  void aServerDoesNotStartWithoutTheFileItIsTold() {
    assertThatThrownBy(() -> open("--api-tokens=missing"))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("missing");
  }
}
