package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileStatus.Kind;
import dev.birgus.executor.files.FileSystem;
import dev.birgus.executor.files.WorkDirectory;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Event.StageReady;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of contexts, stages and images in the form they can be mounted for a command. */
final class MountSources {

  private static final String COPY = "files";

  private final StageReady job;
  private final LocalStageExecutor.Sources sources;
  private final NodeStorage storage;
  private final StageRoots roots;
  private final StageListener listener;
  private final WorkDirectory work;

  /** Copies of contexts that commands only read: one is enough for a stage. */
  private final Map<String, Place> copies = new HashMap<>();

  MountSources(
      StageReady job,
      LocalStageExecutor.Sources sources,
      NodeStorage storage,
      StageRoots roots,
      StageListener listener,
      WorkDirectory work) {
    this.job = job;
    this.sources = sources;
    this.storage = storage;
    this.roots = roots;
    this.listener = listener;
    this.work = work;
  }

  /** What is mounted, on the node. */
  record Place(Path path, boolean directory) {}

  /** Is told what has to be released when the command has ended. */
  interface Releases {
    void add(AutoCloseable release);
  }

  WorkDirectory work() {
    return work;
  }

  NodeStorage storage() {
    return storage;
  }

  /**
   * The place of some files.
   *
   * @param writable whether it will be written to; it is a copy then that nobody else sees
   * @throws FailureException {@code source-not-found}
   */
  Place open(Optional<FileOrigin> from, String source, boolean writable, Releases releases)
      throws IOException, InterruptedException {
    return switch (from.orElse(null)) {
      case FileOrigin.Context(var context) -> ofContext(context, source, writable, releases);
      case FileOrigin.FromStage(var stage) ->
          ofLayers(Inputs.of(job, stage).layers(), source, writable, releases);
      case FileOrigin.FromImage(var image) -> ofLayers(image.layers(), source, writable, releases);
      case null -> ofNothing(source, releases);
    };
  }

  private Place ofNothing(String source, Releases releases) throws IOException {
    if (!source.isEmpty()) {
      throw notFound(source);
    }
    return new Place(temporary("empty-", releases).make(COPY), true);
  }

  private Place ofLayers(List<Layer> layers, String source, boolean writable, Releases releases)
      throws IOException, InterruptedException {
    var root = roots.openSource(layers, writable, listener, work);
    releases.add(root);
    var files = root.files();
    var path = files.resolve(source);
    var status = files.status(path).orElseThrow(() -> notFound(source));
    return new Place(files.root().resolve(path.substring(1)), status.kind() == Kind.DIRECTORY);
  }

  private Place ofContext(ContextRef ref, String source, boolean writable, Releases releases)
      throws IOException, InterruptedException {
    var key = ref.id() + "\0" + source;
    var copy = copies.get(key);
    if (copy != null && !writable) {
      return copy;
    }
    var context = sources.contexts().open(ref);
    try (var files = storage.roots().open(context.directory())) {
      var found = ContextFiles.of(context, files, source).orElseThrow(() -> notFound(source));
      if (!writable && found.areAsTheyAre()) {
        return new Place(
            context.directory().resolve(found.path().substring(1)), found.isDirectory());
      }
      var place = new Place(copied(found, writable, releases), found.isDirectory());
      if (!writable) {
        copies.put(key, place);
      }
      return place;
    }
  }

  private Path copied(ContextFiles found, boolean writable, Releases releases)
      throws IOException, InterruptedException {
    var folder = writable ? temporary("context-", releases) : work.makeNew("context-");
    try (var target = storage.roots().open(folder.path())) {
      found.copyTo(target, COPY);
    }
    return folder.path().resolve(COPY);
  }

  /** Copies what a new cache begins with into its directory. */
  void fill(FileOrigin from, String source, FileSystem target, Releases releases)
      throws IOException, InterruptedException {
    var place = open(Optional.of(from), source, false, releases);
    if (!place.directory()) {
      throw Failure.of(
              "not-a-directory",
              "a cache begins with a directory, and \"" + source + "\" is none",
              "name a directory with source=")
          .toException();
    }
    try (var files = storage.roots().open(place.path())) {
      new TreeCopy(files, target, files::list, true).copyContent("/", "/");
    }
  }

  /** A folder that is gone when the command is. */
  WorkDirectory temporary(String prefix, Releases releases) throws IOException {
    var folder = work.makeNew(prefix);
    releases.add(() -> work.remove(folder));
    return folder;
  }

  private static FailureException notFound(String source) {
    return Failure.of(
            "source-not-found",
            "--mount: there is nothing at \"/" + source + "\"",
            "check source= and from=")
        .toException();
  }
}
