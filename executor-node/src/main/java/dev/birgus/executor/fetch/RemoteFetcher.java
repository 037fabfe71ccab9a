package dev.birgus.executor.fetch;

import static java.util.Objects.requireNonNull;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.Roots;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.TransferSource.Download;
import dev.birgus.infra.contracts.TransferSource.Repository;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collections;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;

/** Fetches what is somewhere else into an empty directory. */
public final class RemoteFetcher {

  private static final int MODE = 0600;
  private static final int BUFFER = 128 * 1024;
  private static final int ATTEMPTS = 3;

  private final Downloads downloads;
  private final GitSettings git;
  private final Roots roots;

  /** Fetches through these. */
  public RemoteFetcher(Downloads downloads, GitSettings git, Roots roots) {
    this.downloads = requireNonNull(downloads, "downloads");
    this.git = requireNonNull(git, "git");
    this.roots = requireNonNull(roots, "roots");
  }

  /**
   * Fetches a file, its mode 0600 and its time the server's, or 1970 where that says none.
   *
   * @param directory gets the file under its name
   * @return the directory, to be closed
   * @throws FailureException {@code download-failed} or what the server is to blame for, {@code
   *     checksum-mismatch} if it is another file
   */
  public FileSystem download(Download source, WorkDirectory directory)
      throws IOException, InterruptedException {
    var files = roots.open(directory.path());
    try {
      for (var attempt = 1; ; attempt++) {
        try {
          download(source, files);
          return files;
        } catch (IOException broken) {
          files.remove("/" + source.name());
          if (Thread.interrupted()) {
            throw new InterruptedException("cancelled while downloading " + source.written());
          }
          if (attempt == ATTEMPTS) {
            throw failed(source, broken);
          }
        }
      }
    } catch (IOException | InterruptedException | RuntimeException failed) {
      files.close();
      throw failed;
    }
  }

  /**
   * Checks a commit of a repository out.
   *
   * @param directory gets the files
   * @return the directory, to be closed
   * @throws FailureException {@code git-missing}, {@code git-failed}, {@code git-timeout}, or
   *     {@code checksum-mismatch} if it is another commit
   */
  public FileSystem checkOut(Repository source, WorkDirectory directory)
      throws IOException, InterruptedException {
    var files = roots.open(directory.path());
    try {
      new GitCheckout(source, git, files, directory.path()).make();
      return files;
    } catch (IOException | InterruptedException | RuntimeException failed) {
      files.close();
      throw failed;
    }
  }

  private void download(Download source, FileSystem files) throws IOException {
    var opened = downloads.open(source.url());
    var digest =
        source.checksum().isPresent()
            ? source.checksum().get().newComputation()
            : Digest.newSha256();
    var modified = opened.modified().map(RemoteFetcher::nanoseconds).orElse(0L);
    var attributes = new FileAttributes(MODE, 0, 0, modified, Collections.emptySortedMap());
    try (var content = opened.content();
        var file = files.create("/" + source.name(), attributes)) {
      copy(content, file, digest);
    }
    if (source.checksum().isPresent()) {
      var wanted = source.checksum().get();
      var actual = new Digest(wanted.algorithm(), HexFormat.of().formatHex(digest.digest()));
      if (!actual.equals(wanted)) {
        throw mismatch(source, wanted, actual);
      }
    }
  }

  private static void copy(InputStream content, java.io.OutputStream file, MessageDigest digest)
      throws IOException {
    var buffer = new byte[BUFFER];
    for (var read = content.read(buffer); read >= 0; read = content.read(buffer)) {
      if (Thread.currentThread().isInterrupted()) {
        throw new java.io.InterruptedIOException("cancelled while downloading");
      }
      digest.update(buffer, 0, read);
      file.write(buffer, 0, read);
    }
  }

  private static long nanoseconds(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond());
  }

  private static FailureException mismatch(Download source, Digest wanted, Digest actual) {
    return Failure.of(
            "checksum-mismatch",
            source.written() + " is " + actual + ", not " + wanted,
            "somebody has changed the file, or the checksum is not right")
        .toException();
  }

  private static FailureException failed(Download source, IOException broken) {
    var reason =
        broken.getMessage() == null ? broken.getClass().getSimpleName() : broken.getMessage();
    return Failure.of(
            "download-failed",
            source.written() + " broke off " + ATTEMPTS + " times: " + reason,
            "try again later, or look at the network")
        .toException(broken);
  }
}
