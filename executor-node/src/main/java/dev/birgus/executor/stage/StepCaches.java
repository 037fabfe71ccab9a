package dev.birgus.executor.stage;

import dev.birgus.executor.cache.CacheFolders;
import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.stage.MountSources.Releases;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FramedKey;
import dev.birgus.infra.contracts.RunMount;
import dev.birgus.infra.contracts.RunMount.Sharing;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The caches of one command. They are taken in the order of their keys, each once, so that commands
 * that wait for each other's caches never wait for ever.
 */
final class StepCaches {

  private static final int MODE = 0755;

  private final CacheFolders folders;
  private final MountSources sources;
  private final Releases releases;
  private final Map<Digest, Path> taken = new HashMap<>();

  StepCaches(CacheFolders folders, MountSources sources, Releases releases) {
    this.folders = folders;
    this.sources = sources;
    this.releases = releases;
  }

  /** Takes all caches among the mounts; one that is there twice the stricter way. */
  void take(List<RunMount> mounts) throws IOException, InterruptedException {
    var wanted = new TreeMap<Digest, RunMount.Cache>(Comparator.comparing(Digest::hex));
    for (var mount : mounts) {
      if (mount instanceof RunMount.Cache cache) {
        wanted.merge(key(cache), cache, StepCaches::stricter);
      }
    }
    for (var entry : wanted.entrySet()) {
      var cache = entry.getValue();
      var held = folders.take(entry.getKey(), cache.sharing(), directory -> fill(cache, directory));
      releases.add(held);
      taken.put(entry.getKey(), held.directory());
    }
  }

  private static RunMount.Cache stricter(RunMount.Cache one, RunMount.Cache other) {
    return other.sharing() == Sharing.LOCKED || one.sharing() == Sharing.SHARED ? other : one;
  }

  /** The directory of a cache that was taken. */
  Path directory(RunMount.Cache cache) {
    var directory = taken.get(key(cache));
    if (directory == null) {
      throw new IllegalArgumentException("not taken: " + cache.id());
    }
    return directory;
  }

  private void fill(RunMount.Cache cache, Path directory) throws IOException, InterruptedException {
    try (var files = sources.storage().roots().open(directory)) {
      if (cache.from().isPresent()) {
        sources.fill(cache.from().get(), cache.source(), files, releases);
      }
      var owner = cache.owner();
      files.setAttributes(
          "/",
          new FileAttributes(
              owner.mode().orElse(MODE),
              owner.uid().orElse(0),
              owner.gid().orElse(0),
              files.status("/").orElseThrow().modified(),
              Collections.emptySortedMap()));
    }
  }

  /** What a cache is known by on this node. Files of a context count by their place only. */
  static Digest key(RunMount.Cache cache) {
    var key = new FramedKey("birgus.cache.1").add(cache.id()).add(cache.platform().toString());
    switch (cache.from().orElse(null)) {
      case FileOrigin.Context _ -> key.add("context");
      case FileOrigin.FromStage(var stage) -> key.add("stage").add(stage.toString());
      case FileOrigin.FromImage(var image) -> key.add("image").add(image.digest().toString());
      case null -> key.add("nothing");
    }
    var owner = cache.owner();
    key.add(cache.source());
    key.add(owner.uid().orElse(-1)).add(owner.gid().orElse(-1)).add(owner.mode().orElse(-1));
    return key.finish();
  }
}
