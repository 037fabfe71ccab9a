package dev.birgus.planner.plan;

import dev.birgus.infra.contracts.ContextEntry;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FramedKey;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.RunMount;
import java.util.List;
import java.util.Optional;

/** Adds the mounts of a RUN to the key of its stage. */
record MountKey(FramedKey key) {

  /**
   * Adds all mounts.
   *
   * @param read the entries of the context each shows, in the order of the mounts; those after the
   *     last show none
   */
  void add(Operation.Run run, List<List<ContextEntry>> read) {
    key.add("mounts").add(run.mounts().size());
    for (var i = 0; i < run.mounts().size(); i++) {
      add(run.mounts().get(i));
      var entries = i < read.size() ? read.get(i) : List.<ContextEntry>of();
      key.add(entries.size());
      entries.forEach(new TransferKey(key)::add);
    }
  }

  private void add(RunMount mount) {
    switch (mount) {
      case RunMount.Bind bind -> {
        key.add("bind").add(bind.target());
        add(bind.from());
        key.add(bind.source()).add(Boolean.toString(bind.writable()));
      }
      case RunMount.Cache cache -> {
        key.add("cache").add(cache.target()).add(cache.id()).add(cache.platform().toString());
        key.add(cache.sharing().name()).add(Boolean.toString(cache.writable()));
        add(cache.from());
        key.add(cache.source());
        add(cache.owner());
      }
      case RunMount.Tmpfs tmpfs ->
          key.add("tmpfs")
              .add(tmpfs.target())
              .add(tmpfs.size().orElse(-1))
              .add(Boolean.toString(tmpfs.writable()));
      case RunMount.Secret secret -> {
        key.add("secret").add(secret.id()).add(secret.target().orElse(""));
        key.add(secret.environment().orElse("")).add(Boolean.toString(secret.required()));
        add(secret.access());
      }
      case RunMount.Agent agent -> {
        key.add("agent").add(agent.id()).add(agent.target());
        key.add(Boolean.toString(agent.required()));
        add(agent.access());
      }
      case RunMount.Script script -> key.add("script").add(script.target()).add(script.text());
    }
  }

  private void add(RunMount.Access access) {
    key.add(access.uid().orElse(-1)).add(access.gid().orElse(-1)).add(access.mode().orElse(-1));
  }

  private void add(Optional<FileOrigin> from) {
    switch (from.orElse(null)) {
      case FileOrigin.Context _ -> key.add("context");
      case FileOrigin.FromStage(var stage) -> key.add("stage").add(stage.toString());
      case FileOrigin.FromImage(var image) -> key.add("image").add(image.digest().toString());
      case null -> key.add("nothing");
    }
  }
}
