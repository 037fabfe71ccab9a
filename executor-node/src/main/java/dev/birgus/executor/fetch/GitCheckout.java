package dev.birgus.executor.fetch;

import dev.birgus.executor.fetch.GitProgram.Outcome;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.TransferSource.Repository;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Checks one commit of a repository out into an empty directory. */
final class GitCheckout {

  private static final String COMMIT = "[0-9a-f]{40}|[0-9a-f]{64}";

  private final Repository source;
  private final FileSystem files;
  private final GitProgram git;
  private final String remote;

  /**
   * A checkout.
   *
   * @param files the empty directory, seen as a root
   */
  GitCheckout(Repository source, GitSettings settings, FileSystem files, Path directory) {
    this.source = source;
    this.files = files;
    this.remote = withoutUser(source.remote());
    this.git = new GitProgram(settings, directory, secrets(source.remote(), remote));
  }

  void make() throws IOException, InterruptedException {
    require(git.run("init", "--quiet", "--template="), "begin");
    require(git.run("remote", "add", "origin", remote), "begin");
    var commit = fetch();
    checkChecksum(commit);
    require(git.run("checkout", "--quiet", "--detach", commit), "check out");
    var hasSubmodules = files.status("/.gitmodules").isPresent();
    if (hasSubmodules && source.submodules()) {
      submodules();
    }
    if (!source.keepGitDirectory()) {
      files.remove("/.git");
      if (hasSubmodules) {
        removeGitFiles("/");
      }
    }
  }

  /** Fetches as little as the server can give, and says which commit it is. */
  private String fetch() throws IOException, InterruptedException {
    var ref = source.ref().isEmpty() ? "HEAD" : source.ref();
    var shallow = git.run("fetch", "--quiet", "--no-tags", "--depth=1", "origin", ref);
    // Servers that only hand out files know nothing of depth, and many give no commit by its id.
    if (shallow.succeeded()
        || git.run("fetch", "--quiet", "--no-tags", "origin", ref).succeeded()) {
      return revision("FETCH_HEAD^{commit}", shallow);
    }
    if (!ref.matches("[0-9a-f]{7,64}")) {
      throw failed("fetch " + ref, shallow);
    }
    require(
        git.run(
            "fetch",
            "--quiet",
            "origin",
            "+refs/heads/*:refs/remotes/origin/*",
            "+refs/tags/*:refs/tags/*"),
        "fetch");
    return revision(ref + "^{commit}", shallow);
  }

  private String revision(String name, Outcome reason) throws IOException, InterruptedException {
    var found = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", name);
    var commit = found.output().lines().filter(line -> line.matches(COMMIT)).findFirst();
    return commit.orElseThrow(() -> failed("find the commit", reason));
  }

  private void checkChecksum(String commit) throws IOException, InterruptedException {
    if (source.checksum().isEmpty() || commit.startsWith(source.checksum().get())) {
      return;
    }
    // The id of an annotated tag is as good as that of its commit.
    var fetched = git.run("rev-parse", "--verify", "--quiet", "FETCH_HEAD").output();
    if (!fetched.startsWith(source.checksum().get())) {
      throw Failure.of(
              "checksum-mismatch",
              source.written() + " is the commit " + commit + ", not " + source.checksum().get(),
              "somebody has moved the branch or tag, or the checksum is not right")
          .toException();
    }
  }

  private void submodules() throws IOException, InterruptedException {
    var shallow = git.run("submodule", "--quiet", "update", "--init", "--recursive", "--depth=1");
    if (!shallow.succeeded()) {
      require(
          git.run("submodule", "--quiet", "update", "--init", "--recursive"), "fetch submodules");
    }
  }

  /** Nothing in a repository may be called so: those there are were made by git. */
  private void removeGitFiles(String directory) throws IOException {
    for (var name : files.list(directory)) {
      var path = directory.equals("/") ? "/" + name : directory + "/" + name;
      if (name.equals(".git")) {
        files.remove(path);
      } else if (files.status(path).filter(it -> it.kind() == Kind.DIRECTORY).isPresent()) {
        removeGitFiles(path);
      }
    }
  }

  private void require(Outcome outcome, String what) {
    if (!outcome.succeeded()) {
      throw failed(what, outcome);
    }
  }

  private FailureException failed(String what, Outcome outcome) {
    return Failure.of(
            "git-failed",
            "git could not " + what + " of " + source.written() + ": " + outcome.errors(),
            "check the address, the branch, tag or commit, and who may read it")
        .toException();
  }

  private static boolean isWeb(String remote) {
    return remote.startsWith("http://") || remote.startsWith("https://");
  }

  private static int endOfUser(String remote) {
    var host = remote.indexOf("://") + 3;
    var slash = remote.indexOf('/', host);
    var at = remote.lastIndexOf('@', slash < 0 ? remote.length() : slash);
    return at < host ? host : at + 1;
  }

  private static String withoutUser(String remote) {
    return isWeb(remote)
        ? remote.substring(0, remote.indexOf("://") + 3) + remote.substring(endOfUser(remote))
        : remote;
  }

  /** Git hands an address on as an argument, but a header of ours, for this host only, it reads. */
  private static Map<String, String> secrets(String remote, String shown) {
    var start = remote.indexOf("://") + 3;
    if (!isWeb(remote) || endOfUser(remote) == start) {
      return Map.of();
    }
    var user =
        URLDecoder.decode(
            remote.substring(start, endOfUser(remote) - 1).replace("+", "%2B"),
            StandardCharsets.UTF_8);
    var pair = user.indexOf(':') < 0 ? user + ":" : user;
    var encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    var slash = shown.indexOf('/', start);
    var variables = new LinkedHashMap<String, String>();
    variables.put("GIT_CONFIG_COUNT", "1");
    variables.put(
        "GIT_CONFIG_KEY_0",
        "http." + (slash < 0 ? shown : shown.substring(0, slash)) + "/.extraheader");
    variables.put("GIT_CONFIG_VALUE_0", "Authorization: Basic " + encoded);
    return variables;
  }
}
