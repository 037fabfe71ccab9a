package dev.birgus.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.run.UserLookup.Owner;
import dev.birgus.executor.run.UserLookup.User;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserLookupTest {

  @TempDir Path folder = Path.of("");
  private FileSystem files;
  private UserLookup users;

  @SuppressWarnings("NullAway.Init")
  UserLookupTest() {}

  @BeforeEach
  void open() throws IOException {
    BusyboxRoot.assume();
    files = LinuxFileSystem.open(BusyboxRoot.make(folder.resolve("root")));
    users = new UserLookup(files);
  }

  @AfterEach
  void close() throws IOException {
    if (files != null) {
      files.close();
    }
  }

  @Test
  void aCommandGetsGroupsAndHomeOfItsUser() throws Exception {
    assertThat(users.forRun("")).isEqualTo(new User(0, 0, List.of(0L), "/root"));
    assertThat(users.forRun("crab"))
        .isEqualTo(new User(1000, 1001, List.of(1001L, 2000L, 2001L), "/home/crab"));
    assertThat(users.forRun("1000")).isEqualTo(users.forRun("crab"));
    assertThat(users.forRun("homeless"))
        .isEqualTo(new User(1002, 1002, List.of(1002L, 2000L), "/"));
  }

  @Test
  void aGroupThatIsGivenIsTheOnlyOne() throws Exception {
    assertThat(users.forRun("crab:palms"))
        .isEqualTo(new User(1000, 2001, List.of(2001L), "/home/crab"));
    assertThat(users.forRun("77:88")).isEqualTo(new User(77, 88, List.of(88L), "/"));
    assertThat(users.forRun(":beach")).isEqualTo(new User(0, 2000, List.of(2000L), "/root"));
  }

  @Test
  void anUnknownIdHasTheGroupZeroInRunAndItsOwnForFiles() throws Exception {
    assertThat(users.forRun("1234")).isEqualTo(new User(1234, 0, List.of(0L), "/"));
    assertThat(users.forFiles("1234")).isEqualTo(new Owner(1234, 1234));
  }

  @Test
  void filesGetThePrimaryGroupOfANameAndTheNumberOfAnId() throws Exception {
    assertThat(users.forFiles("crab")).isEqualTo(new Owner(1000, 1001));
    assertThat(users.forFiles("1000")).isEqualTo(new Owner(1000, 1000));
    assertThat(users.forFiles("crab:beach")).isEqualTo(new Owner(1000, 2000));
    assertThat(users.forFiles("")).isEqualTo(Owner.ROOT);
  }

  @Test
  void anUnknownNameIsNamed() {
    assertThatThrownBy(() -> users.forRun("nobody")).hasMessageContaining("user \"nobody\"");
    assertThatThrownBy(() -> users.forFiles("crab:none")).hasMessageContaining("group \"none\"");
    assertThatThrownBy(() -> users.forRun("99999999999")).hasMessageContaining("99999999999");
  }

  @Test
  void aRootWithoutUsersKnowsNumbersOnly() throws Exception {
    Files.delete(folder.resolve("root/etc/passwd"));
    Files.createSymbolicLink(
        folder.resolve("root/etc/passwd"), Path.of("/etc/../../../etc/shadow"));

    assertThat(users.forRun("0")).isEqualTo(new User(0, 0, List.of(0L), "/root"));
    assertThatThrownBy(() -> users.forRun("root")).hasMessageContaining("user \"root\"");
  }
}
