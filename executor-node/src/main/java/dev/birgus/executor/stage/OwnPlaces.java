package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileNames;
import dev.birgus.executor.files.FileStatus;
import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.run.Mount;
import dev.birgus.executor.snapshot.TreeComparison.OwnChanges;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.RunMount;
import dev.birgus.infra.contracts.Step;
import dev.birgus.infra.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The places of a root where something is made for the time of a command, and taken away again:
 * mount points, and the node's own resolv.conf and the like. A directory there that has only been
 * touched has not changed, nor has a file with the content it had.
 */
final class OwnPlaces implements OwnChanges {

  private static final List<String> DIRECTORIES = List.of("/proc", "/sys", "/dev", "/dev/shm");
  private static final List<String> FILES =
      List.of("/etc/resolv.conf", "/etc/hosts", "/etc/hostname");

  private final FileSystem files;
  private final Set<String> directories = new HashSet<>();
  private final Map<String, Digest> contents = new HashMap<>();

  private OwnPlaces(FileSystem files) {
    this.files = files;
  }

  /**
   * The places for some steps; none if they run no command.
   *
   * @param files of the root, open until the changes have been asked for
   */
  static OwnPlaces of(FileSystem files, List<Step> steps, List<Mount> mounts) throws IOException {
    var places = new OwnPlaces(files);
    var runs = false;
    for (var step : steps) {
      if (step.operation().orElse(null) instanceof Operation.Run run) {
        runs = true;
        for (var mount : run.mounts()) {
          places.add(mount);
        }
      }
    }
    if (!runs) {
      return places;
    }
    for (var mount : mounts) {
      places.add(mount.target());
    }
    for (var directory : DIRECTORIES) {
      places.add(directory);
    }
    for (var file : FILES) {
      places.add(file);
      places.rememberContent(files.resolve(file));
    }
    return places;
  }

  private void add(RunMount mount) throws IOException {
    var target =
        switch (mount) {
          case RunMount.Bind bind -> Optional.of(bind.target());
          case RunMount.Cache cache -> Optional.of(cache.target());
          case RunMount.Tmpfs tmpfs -> Optional.of(tmpfs.target());
          case RunMount.Secret secret -> secret.target();
          case RunMount.Agent agent -> Optional.of(agent.target());
          case RunMount.Script script -> Optional.of(script.target());
        };
    if (target.isPresent()) {
      add(target.get());
    }
  }

  /** The place a path leads to, and all directories it is in. */
  private void add(String path) throws IOException {
    var place = files.resolve(path);
    while (place.length() > 1 && directories.add(place.substring(1))) {
      place = place.substring(0, Math.max(1, place.lastIndexOf('/')));
    }
  }

  private void rememberContent(String path) throws IOException {
    var digest = content(path);
    if (digest.isPresent()) {
      contents.put(path.substring(1), digest.get());
    }
  }

  private Optional<Digest> content(String path) throws IOException {
    if (files.status(path).map(FileStatus::kind).orElse(null) != Kind.FILE) {
      return Optional.empty();
    }
    try (var content = files.read(path)) {
      var sha256 = Digest.newSha256();
      var buffer = new byte[8192];
      for (var read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        sha256.update(buffer, 0, read);
      }
      return Optional.of(Digest.ofSha256(sha256.digest()));
    }
  }

  @Override
  public boolean leftAlone(byte[] path) {
    var text = FileNames.decode(path);
    if (!directories.contains(text)) {
      return false;
    }
    try {
      var before = contents.get(text);
      var kind = files.status(text).map(FileStatus::kind).orElse(null);
      return kind == Kind.DIRECTORY
          || (before != null && before.equals(content(text).orElse(null)));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
