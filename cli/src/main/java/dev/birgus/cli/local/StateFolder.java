package dev.birgus.cli.local;

import dev.birgus.executor.fetch.GitSettings;
import dev.birgus.executor.service.ExecutorComposition;
import dev.birgus.executor.service.ExecutorSettings;
import dev.birgus.executor.stage.RootStorage;
import dev.birgus.infra.blobs.BlobShelf;
import dev.birgus.infra.blobs.DiskSpace;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.node.Shelf;
import dev.birgus.ingest.context.ContextShelf;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder a node keeps everything in, and what is where in it.
 *
 * @param path absolute; it exists
 * @param git what git programs are started with
 * @param storage how root file systems are kept
 */
public record StateFolder(Path path, GitSettings git, RootStorage storage) {

  /** The folder of this name, made if need be. */
  public static StateFolder open(Machine machine, String name) {
    return open(machine, name, RootStorage.AUTO);
  }

  /** The folder of this name, made if need be, in which roots are kept in this way. */
  public static StateFolder open(Machine machine, String name, RootStorage storage) {
    var path = machine.workingDirectory().resolve(name).normalize();
    try {
      return new StateFolder(
          Files.createDirectories(path), GitSettings.of(machine.environment()), storage);
    } catch (IOException failed) {
      throw unusable(path, failed);
    }
  }

  /** Compressed layers. */
  public Path blobs() {
    return path.resolve("blobs");
  }

  /** Notes of a server: whose its contexts are. */
  public Path notes() {
    return path.resolve("notes");
  }

  /** Contexts of this process. */
  public Path contexts() {
    return path.resolve("contexts");
  }

  /** Contexts that came as blobs, unpacked. */
  public Path unpackedContexts() {
    return path.resolve("unpacked-contexts");
  }

  /** Notes of archives. */
  public Path archives() {
    return path.resolve("archives");
  }

  /** What is in use. */
  public Path leases() {
    return path.resolve("leases");
  }

  /** The usual settings of a node that has this folder. */
  public ExecutorSettings executor() {
    return ExecutorSettings.below(path, "local", Runtime.getRuntime().availableProcessors(), git)
        .with(storage);
  }

  /** Where things are kept for later builds. */
  public List<Shelf> shelves() {
    var shelves = new ArrayList<Shelf>(ExecutorComposition.shelves(executor()));
    shelves.add(new BlobShelf(blobs()));
    shelves.add(new BlobShelf(notes()));
    shelves.add(new ContextShelf(unpackedContexts()));
    return shelves;
  }

  /** What is said when it cannot be used. */
  public RuntimeException unusable(IOException failed) {
    return unusable(path, failed);
  }

  private static RuntimeException unusable(Path path, IOException failed) {
    if (failed instanceof StorageException known) {
      return known.failure().toException(known);
    }
    var full = DiskSpace.failure("what a build needs", path, failed);
    if (full.isPresent()) {
      return full.get().toException(failed);
    }
    return Failure.of(
            "state-unusable",
            "cannot use the state folder " + path + ": " + reason(failed),
            "Name a folder that can be written to with --state-dir or BIRGUS_STATE_DIR.")
        .toException(failed);
  }

  private static String reason(IOException failed) {
    return switch (failed) {
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      case NoSuchFileException missing -> missing.getFile() + " cannot be made";
      case FileSystemException file when file.getReason() != null -> file.getReason();
      default -> failed.getClass().getSimpleName() + " " + failed.getMessage();
    };
  }
}
