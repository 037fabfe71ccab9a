package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.FramedKey;
import dev.birgus.infra.contracts.TransferSource;
import java.util.Collection;

/**
 * What the result of a COPY or ADD depends on, as parts of a stage's key. A remote source counts by
 * its checksum and its address; what is fetched without a checksum is not known here, and {@link
 * StageKey} makes such a stage one of its build's own.
 */
record TransferKey(FramedKey key) {

  void add(String kind, FileTransfer transfer, Collection<ContextEntry> read) {
    key.add(kind);
    switch (transfer.from()) {
      case FileOrigin.Context _ -> key.add("context");
      case FileOrigin.FromStage(var stage) -> key.add("stage").add(stage.toString());
      case FileOrigin.FromImage(var image) -> key.add("image").add(image.digest().toString());
    }
    key.add(transfer.sources().size());
    transfer.sources().forEach(this::add);
    key.add(transfer.destination());
    key.add(Boolean.toString(transfer.intoDirectory()));
    key.add(transfer.owner().orElse(""));
    key.add(transfer.mode().map(Object::toString).orElse(""));
    key.addAll(transfer.excludes());
    key.add(Boolean.toString(transfer.link()));
    key.add(read.size());
    read.forEach(this::add);
  }

  private void add(TransferSource source) {
    switch (source) {
      case TransferSource.Files(var written, var paths, var include, var unpack) -> {
        key.add("files").add(written).addAll(paths);
        key.add(include.isPresent() ? "below" : "").add(include.orElse(""));
        key.add(Boolean.toString(unpack));
      }
      case TransferSource.Text(var name, var content) -> key.add("text").add(name).add(content);
      case TransferSource.Download(var url, var name, var checksum, var unpack) -> {
        // The time of the file comes from the server: another address may say another one.
        key.add("download").add(url).add(name);
        key.add(checksum.map(Object::toString).orElse("")).add(Boolean.toString(unpack));
      }
      case TransferSource.Repository repository -> {
        key.add("git").add(repository.remote()).add(repository.ref());
        key.add(repository.subdirectory()).add(repository.checksum().orElse(""));
        key.add(Boolean.toString(repository.keepGitDirectory()));
        key.add(Boolean.toString(repository.submodules()));
      }
    }
  }

  /** Adds all that is known of a file of a context. */
  void add(ContextEntry entry) {
    key.add(entry.path()).add(entry.kind().name()).add(entry.mode());
    key.add(entry.uid()).add(entry.gid()).add(entry.size()).add(entry.modified());
    key.add(entry.linkTarget().orElse(""));
    switch (entry.identity()) {
      case ContextEntry.Identity.Content(var digest) -> key.add("content").add(digest.toString());
      case ContextEntry.Identity.Stamp(var value) -> key.add("stamp").add(value);
    }
  }
}
