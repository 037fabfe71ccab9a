package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.BuildOptions;
import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.FramedKey;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.StageId;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.oci.ImageConfig;
import java.util.List;
import java.util.Map;

/**
 * Computes a stage's id while its steps are added.
 *
 * <p>Inside are: the base (digest of the image or id of the stage), each step's history entry and
 * expanded operation with its mounts, every attribute of the context files it reads, ids of the
 * stages and digests of the images it copies from, the final configuration, and of the options the
 * timestamp, whether there is one layer, and how layers are compressed (the same tree packed
 * differently is another blob, and a stage's result names blobs).
 *
 * <p>A stage that fetches something without a checksum has its build in its key, so that it is
 * never taken for the result of another build (docs/adr, page 10).
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
      case Operation.Copy(var transfer) -> new TransferKey(key).add("copy", transfer, read);
      case Operation.Add(var transfer) -> new TransferKey(key).add("add", transfer, read);
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

  /** Makes the stage this build's own: something in it may be different in the next one. */
  void addBuild(String build) {
    key.add("build").add(build);
  }

  StageId finish(ImageConfig config, BuildOptions options) {
    key.add("end").add(JsonText.text(config.json()));
    key.add(options.timestamp().map(Object::toString).orElse(""));
    key.add(options.compression().codec().name()).add(options.compression().effectiveLevel());
    key.add(Boolean.toString(options.singleLayer()));
    key.addAll(options.ignoredPaths());
    return new StageId(key.finish());
  }
}
