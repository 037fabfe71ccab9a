package dev.birgus.executor.operation;

import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.run.UserLookup.Owner;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.TransferSource.Download;
import dev.birgus.infra.contracts.TransferSource.Files;
import dev.birgus.infra.contracts.TransferSource.Repository;
import dev.birgus.infra.contracts.TransferSource.Text;
import dev.birgus.infra.pattern.PathFilter;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Copies the sources of a COPY or ADD one after the other, or unpacks those that are tar archives
 * and are to be unpacked. What an archive is made of decides, not its name; archives inside a
 * directory are copied.
 */
final class TransferOperation {

  private final FileTransfer transfer;
  private final StepRoot root;
  private final Destination destination;
  private final TreeCopier copier;

  private TransferOperation(
      FileTransfer transfer, StepRoot root, Destination destination, TreeCopier copier) {
    this.transfer = transfer;
    this.root = root;
    this.destination = destination;
    this.copier = copier;
  }

  /**
   * One path of a source.
   *
   * @param number of the source in the transfer
   */
  private record Selected(int number, Files source, String path) {}

  static void run(FileTransfer transfer, StepRoot root) throws IOException, InterruptedException {
    try (var copier = TreeCopier.of(transfer, root)) {
      if (transfer.sources().stream().anyMatch(Files.class::isInstance)) {
        try (var from = root.sources().open(transfer)) {
          run(transfer, root, copier, Optional.of(from));
          copier.finish();
        }
      } else {
        run(transfer, root, copier, Optional.empty());
        copier.finish();
      }
    }
  }

  private static void run(
      FileTransfer transfer, StepRoot root, TreeCopier copier, Optional<SourceTree> from)
      throws IOException, InterruptedException {
    var selected = from.isPresent() ? select(transfer, from.get()) : List.<Selected>of();
    var destination = Destination.of(transfer, root);
    var operation = new TransferOperation(transfer, root, destination, copier);
    var nothing = new ArrayList<Selected>();
    for (var i = 0; i < transfer.sources().size(); i++) {
      switch (transfer.sources().get(i)) {
        case Files _ -> {
          for (var each : selected) {
            if (each.number() == i && !operation.copy(from.orElseThrow(), each, selected.size())) {
              nothing.add(each);
            }
          }
        }
        case Text(var name, var content) ->
            copier.write(
                content.getBytes(StandardCharsets.UTF_8), destination.forFile(name), root.now());
        case Download download -> operation.download(download);
        case Repository repository -> operation.checkOut(repository);
      }
    }
    if (from.isPresent()) {
      judgeNothing(from.get(), selected, nothing);
    }
  }

  /** What there is to copy; something must be, and a wildcard may match nothing beside it. */
  private static List<Selected> select(FileTransfer transfer, SourceTree from) throws IOException {
    var selected = new ArrayList<Selected>();
    for (var i = 0; i < transfer.sources().size(); i++) {
      if (transfer.sources().get(i) instanceof Files files) {
        for (var path : files.paths()) {
          for (var found : from.select(path)) {
            selected.add(new Selected(i, files, found));
          }
        }
      }
    }
    if (selected.isEmpty() && transfer.sources().stream().allMatch(Files.class::isInstance)) {
      throw from.nothingAt(transfer.sources().getFirst().written());
    }
    return selected;
  }

  /** Copies one path; false if {@code --parents} matches nothing in it. */
  private boolean copy(SourceTree from, Selected selected, int count)
      throws IOException, InterruptedException {
    var source = selected.source();
    var path = from.files().resolve(selected.path());
    if (isDirectory(from, path)) {
      return copier.copyBelow(from, path, destination, filter(source.include()))
          || source.include().isEmpty()
          || !transfer.excludes().isEmpty();
    }
    if (source.include().isPresent()) {
      return false;
    }
    refuseOverwriting(count);
    copyFile(from, selected.path(), source.unpack());
    return true;
  }

  /** A source of {@code --parents} must match something, if not the others do. */
  private static void judgeNothing(SourceTree from, List<Selected> all, List<Selected> nothing)
      throws IOException {
    for (var each : nothing) {
      var isWild = GoPattern.hasWildcard(each.source().written());
      if (!isWild || nothing.size() == all.size()) {
        throw from.nothingAt(each.source().written());
      }
    }
  }

  /** Copies or unpacks what is no directory. */
  private void copyFile(SourceTree from, String source, boolean unpack)
      throws IOException, InterruptedException {
    if (!filter(Optional.empty()).takes(source.substring(source.lastIndexOf('/') + 1))) {
      return;
    }
    if (!unpack || !unpack(from, source)) {
      copier.copyFile(from, source, destination.forFile(source));
    }
  }

  private void download(Download source) throws IOException, InterruptedException {
    try (var fetched = root.sources().download(source)) {
      copyFile(fetched, "/" + source.name(), source.unpack());
      copier.finish();
    }
  }

  private void checkOut(Repository source) throws IOException, InterruptedException {
    try (var fetched = root.sources().checkOut(source)) {
      var path = fetched.files().resolve("/" + source.subdirectory());
      if (fetched.files().status(path).isEmpty()) {
        throw fetched.nothingAt(source.subdirectory());
      }
      if (isDirectory(fetched, path)) {
        copier.copyBelow(fetched, path, destination, filter(Optional.empty()));
      } else {
        copyFile(fetched, path, false);
      }
      copier.finish();
    }
  }

  private PathFilter filter(Optional<String> include) {
    return PathFilter.of(include, transfer.excludes());
  }

  private static boolean isDirectory(SourceTree from, String path) throws IOException {
    return from.files().status(path).filter(there -> there.kind() == Kind.DIRECTORY).isPresent();
  }

  private void refuseOverwriting(int sources) throws IOException {
    if (sources > 1 && !destination.isDirectory()) {
      throw Failure.of(
              "destination-not-a-directory",
              sources + " sources match, but " + transfer.destination() + " is not a directory",
              "write the destination with a slash at its end")
          .toException();
    }
  }

  private boolean unpack(SourceTree from, String source) throws IOException, InterruptedException {
    var path = from.files().resolve(source);
    var status = from.files().status(path);
    if (status.isEmpty() || status.get().kind() != Kind.FILE) {
      return false;
    }
    var format = ArchiveFormat.of(from.files(), path);
    if (format.isEmpty()) {
      return false;
    }
    noteUnused(source);
    var owner =
        transfer.owner().isPresent()
            ? Optional.of(Destination.owner(transfer, root))
            : Optional.<Owner>empty();
    try (var bytes = format.get().open(from.files(), path)) {
      new ArchiveUnpacker(root.files(), destination.forContent(), owner, root.now())
          .unpack(bytes, source);
    } catch (FileSystemException | InterruptedIOException failed) {
      throw failed;
    } catch (IOException broken) {
      throw Failure.of(
              "archive-broken",
              "the archive " + source + " cannot be unpacked: " + broken.getMessage(),
              "make it again, or copy it as it is with --unpack=false")
          .toException(broken);
    }
    return true;
  }

  /** As BuildKit has it; but it should be known. */
  private void noteUnused(String archive) {
    var unused = new ArrayList<String>();
    transfer.mode().ifPresent(mode -> unused.add("--chmod=" + mode));
    transfer.excludes().forEach(pattern -> unused.add("--exclude=" + pattern));
    if (!unused.isEmpty()) {
      var note = String.join(" ", unused) + " has no effect on what is unpacked of " + archive;
      root.output().accept(true, ("note: " + note + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
