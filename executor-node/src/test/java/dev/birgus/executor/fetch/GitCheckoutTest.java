package dev.birgus.executor.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import dev.birgus.executor.files.LinuxFileSystem;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.executor.run.BusyboxRoot;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.TransferSource.Repository;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Repositories served as plain files, which every git can fetch. */
class GitCheckoutTest {

  @TempDir Path folder = Path.of("");
  private Path repository = Path.of("");
  private Path checkout = Path.of("");
  private HttpServer server;
  private final List<String> authorizations = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  GitCheckoutTest() {}

  @BeforeEach
  void makeRepository() throws Exception {
    BusyboxRoot.assume();
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/git")), "git is not installed");
    repository = Files.createDirectories(folder.resolve("served/repo"));
    checkout = Files.createDirectories(folder.resolve("checkout"));
    git("init -q -b main .");
    Files.createDirectories(repository.resolve("sub"));
    Files.writeString(repository.resolve("sub/file"), "first");
    Files.writeString(repository.resolve("run"), "#!/bin/sh");
    Files.setPosixFilePermissions(
        repository.resolve("run"), PosixFilePermissions.fromString("rwxr-xr-x"));
    git("add . && git commit -qm 1 && git tag -am v1 v1");
    Files.writeString(repository.resolve("sub/file"), "second");
    git("commit -qam 2 && git checkout -qb other && git rm -q run && git commit -qm 3");
    git("checkout -q main && git clone -q --bare . ../repo.git");
    git("-C ../repo.git update-server-info");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var files = SimpleFileServer.createFileHandler(folder.resolve("served").toRealPath());
    server.createContext(
        "/",
        exchange -> {
          authorizations.add(
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          files.handle(exchange);
        });
    server.start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  private String git(String command) throws Exception {
    var process =
        new ProcessBuilder("sh", "-ec", "git " + command)
            .directory(repository.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    process
        .environment()
        .putAll(
            Map.of(
                "GIT_AUTHOR_NAME", "a",
                "GIT_AUTHOR_EMAIL", "a@localhost",
                "GIT_COMMITTER_NAME", "a",
                "GIT_COMMITTER_EMAIL", "a@localhost",
                "GIT_CONFIG_GLOBAL", "/dev/null"));
    var started = process.start();
    var output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(started.waitFor()).isZero();
    return output.strip();
  }

  private String address(String user) {
    return "http://" + user + "127.0.0.1:" + server.getAddress().getPort() + "/repo.git";
  }

  private void checkOut(String ref, Optional<String> checksum, boolean keep) throws Exception {
    checkOut(new Repository(address(""), ref, "", checksum, keep, true));
  }

  private void checkOut(Repository source) throws Exception {
    var fetcher =
        new RemoteFetcher(
            _ -> {
              throw new AssertionError("nothing is downloaded");
            },
            GitSettings.of(Map.of("PATH", "/usr/bin:/bin")),
            LinuxFileSystem::open);
    fetcher.checkOut(source, new WorkDirectory(checkout)).close();
  }

  @Test
  void theDefaultBranchIsCheckedOutWithoutItsHistory() throws Exception {
    checkOut("", Optional.empty(), false);

    assertThat(checkout.resolve("sub/file")).hasContent("second");
    assertThat(Files.isExecutable(checkout.resolve("run"))).isTrue();
    assertThat(checkout.resolve(".git")).doesNotExist();
  }

  @Test
  void branchesTagsAndCommitsAreCheckedOut() throws Exception {
    var first = git("rev-parse v1^{commit}");
    for (var ref : List.of("v1", "refs/tags/v1", first, first.substring(0, 10))) {
      checkout = Files.createDirectories(folder.resolve("checkout-" + ref.replace('/', '-')));

      checkOut(ref, Optional.empty(), false);

      assertThat(checkout.resolve("sub/file")).as(ref).hasContent("first");
    }
    checkout = Files.createDirectories(folder.resolve("checkout-other"));
    checkOut("refs/heads/other", Optional.empty(), false);
    assertThat(checkout.resolve("run")).doesNotExist();
  }

  @Test
  void theCommitMustBeTheOneOfTheChecksum() throws Exception {
    var commit = git("rev-parse v1^{commit}");
    checkOut("v1", Optional.of(commit.substring(0, 12)), true);
    assertThat(checkout.resolve(".git/HEAD")).hasContent(commit);

    checkout = Files.createDirectories(folder.resolve("checkout-tag"));
    checkOut("v1", Optional.of(git("rev-parse v1")), false);

    checkout = Files.createDirectories(folder.resolve("checkout-wrong"));
    assertThatThrownBy(() -> checkOut("main", Optional.of(commit), false))
        .isInstanceOfSatisfying(
            FailureException.class,
            thrown -> assertThat(thrown.failure().name()).isEqualTo("checksum-mismatch"));
  }

  @Test
  void aPasswordIsShownToTheServerAndNobodyElse() throws Exception {
    checkOut(new Repository(address("me:s%40cret@"), "main", "", Optional.empty(), true, true));

    // "me:s@cret" in Base64
    assertThat(authorizations).isNotEmpty().allMatch("Basic bWU6c0BjcmV0"::equals);
    try (var kept = Files.walk(checkout.resolve(".git"))) {
      for (var file : kept.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .doesNotContain("cret", "bWU6c0BjcmV0");
      }
    }
  }

  @Test
  void whatIsNotThereIsNamed() {
    assertThatThrownBy(() -> checkOut("gone", Optional.empty(), false))
        .isInstanceOf(FailureException.class)
        .hasMessageContaining("git could not fetch gone")
        .hasMessageContaining("#gone");
    assertThatThrownBy(() ->
            checkOut(
                new Repository(
                    address("me:secret@").replace("/repo.git", "/none.git"),
                    "",
                    "",
                    Optional.empty(),
                    false,
                    true)))
        .hasMessageNotContaining("secret");
  }

  @Test
  void filesOfThisMachineAreNoRepositories() {
    assertThatThrownBy(() ->
            checkOut(new Repository("file://" + repository, "", "", Optional.empty(), false, true)))
        .hasMessageContaining("not allowed");
  }
}
