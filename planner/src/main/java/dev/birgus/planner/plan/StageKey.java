package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.FramedKey;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.ImageConfig;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Computes a stage's id while its steps are added.
 *
 * <p>Inside are: the base (digest of the image or id of the stage), each step's history entry and
 * expanded operation with its mounts, every attribute of the context files it reads, ids of the
 * stages and digests of the images it copies from, the final configuration, and of the options the
 * timestamp, whether there is one layer, and the compression level (the same tree packed
 * differently is another blob, and a stage's result names blobs).
 *
 * <p>Outside are: the values of secrets and the content of caches, names and lines of the
 * Dockerfile, names of images and contexts, the values of proxies nobody declared, annotations,
 * tags, and where the image goes.
 */
final class StageKey {

  private static final String KIND = "birgus.stage.1";

  private final FramedKey key = new FramedKey(KIND);

  StageKey(StageBase base) {
    switch (base) {
      case StageBase.Scratch _ -> key.add("scratch");
      case StageBase.OfImage(var image) -> key.add("image").add(image.digest().toString());
      case StageBase.OfStage(var stage) -> key.add("stage").add(stage.toString());
    }
  }

  /** A step that only changes the configuration. */
  void addSettings(String createdBy) {
    key.add("settings").add(createdBy);
  }

  /** A step that changes the root file system. */
  void add(
      String createdBy,
      Operation operation,
      Map<String, String> declared,
      List<ContextEntry> read) {
    key.add("operation").add(createdBy);
    switch (operation) {
      case Operation.Run run -> add(run, declared);
      case Operation.Copy(var transfer) -> add("copy", transfer, read);
      case Operation.Add(var transfer) -> add("add", transfer, read);
      case Operation.MakeDirectory(var path, var user) -> key.add("directory").add(path).add(user);
    }
  }

  /** A RUN and what its mounts show. */
  void add(
      String createdBy,
      Operation.Run run,
      Map<String, String> declared,
      List<RunMounts.Planned> mounts) {
    key.add("operation").add(createdBy);
    add(run, declared);
    new MountKey(key).add(run, mounts.stream().map(RunMounts.Planned::read).toList());
  }

  private void add(Operation.Run run, Map<String, String> declared) {
    key.add("run").addAll(run.command()).add(declared.size());
    declared.forEach((name, value) -> key.add(name).add(value));
    key.add(run.workingDirectory()).add(run.user());
    key.add(run.isolation().network().name()).add(run.isolation().security().name());
  }

  StageId finish(ImageConfig config, BuildOptions options) {
    key.add("end").add(JsonText.text(config.json()));
    key.add(options.timestamp().map(Object::toString).orElse(""));
    key.add(options.compressionLevel().map(Object::toString).orElse(""));
    key.add(Boolean.toString(options.singleLayer()));
    return new StageId(key.finish());
  }

  private void add(String kind, FileTransfer transfer, Collection<ContextEntry> read) {
    key.add(kind);
    switch (transfer.from()) {
      case FileOrigin.Context _ -> key.add("context");
      case FileOrigin.FromStage(var stage) -> key.add("stage").add(stage.toString());
      case FileOrigin.FromImage(var image) -> key.add("image").add(image.digest().toString());
    }
    key.addAll(transfer.sources()).addAll(transfer.patterns()).add(transfer.destination());
    key.add(Boolean.toString(transfer.intoDirectory()));
    key.add(transfer.owner().orElse(""));
    key.add(transfer.mode().map(Object::toString).orElse(""));
    key.add(read.size());
    read.forEach(entry -> add(key, entry));
  }

  static void add(FramedKey key, ContextEntry entry) {
    key.add(entry.path()).add(entry.kind().name()).add(entry.mode());
    key.add(entry.uid()).add(entry.gid()).add(entry.size()).add(entry.modified());
    key.add(entry.linkTarget().orElse(""));
    switch (entry.identity()) {
      case ContextEntry.Identity.Content(var digest) -> key.add("content").add(digest.toString());
      case ContextEntry.Identity.Stamp(var value) -> key.add("stamp").add(value);
    }
  }
}
