package dev.birgus.ingest.context;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.blobs.BlobStore;
import dev.birgus.infra.blobs.StorageException;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Contexts that travel: each is packed into a blob store, and named by its digest. */
public final class PackedContexts implements ContextIntake {

  private final BlobStore blobs;
  private final Journal journal;

  /** Packs into this store; the journal is told of what a context loses by it. */
  public PackedContexts(BlobStore blobs, Journal journal) {
    this.blobs = requireNonNull(blobs, "blobs");
    this.journal = requireNonNull(journal, "journal");
  }

  @Override
  public ContextRef register(ContextRef name, Path directory, IgnoreRules rules) {
    try {
      var packed = new ContextPacker(directory, rules).pack(blobs);
      tellOfLosses(packed.report(), directory);
      return packed.ref();
    } catch (StorageException full) {
      throw full.failure().toException(full);
    } catch (IOException failed) {
      throw Failure.of(
              "context-not-packed",
              "the build context " + directory + " cannot be packed: " + failed.getMessage(),
              "Check that its files can be read, and that blobs can be stored.")
          .toException(failed);
    }
  }

  private void tellOfLosses(ContextPacker.Report report, Path directory) {
    if (report.specialFiles() > 0) {
      warn("devices, fifos and sockets of the build context", report.specialFiles(), directory);
    }
    if (report.lostAttributes() > 0) {
      warn("extended attributes of the build context", report.lostAttributes(), directory);
    }
  }

  private void warn(String what, long count, Path directory) {
    journal.log(
        Journal.Level.WARN,
        what + " do not travel with it",
        Map.of("count", String.valueOf(count), LogKeys.PATH, directory.toString()));
  }

  /** A blob is another build's as well, if that has the same files. */
  @Override
  public void forget(ContextRef ref) {
    // The store removes what nobody uses.
  }
}
