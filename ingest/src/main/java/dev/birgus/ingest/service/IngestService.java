package dev.birgus.ingest.service;

import static java.util.Objects.requireNonNull;

import dev.birgus.infra.bus.EventBus;
import dev.birgus.infra.contracts.BuildId;
import dev.birgus.infra.contracts.BuildRequest;
import dev.birgus.infra.contracts.BuildRequest.NamedContext;
import dev.birgus.infra.contracts.ContextRef;
import dev.birgus.infra.contracts.Event;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.ImageSource;
import dev.birgus.infra.contracts.Topic;
import dev.birgus.infra.node.PlainTree;
import dev.birgus.infra.node.ProcessFolder;
import dev.birgus.infra.observe.Journal;
import dev.birgus.infra.observe.LogKeys;
import dev.birgus.infra.registry.WebFiles;
import dev.birgus.infra.service.Service;
import dev.birgus.ingest.context.ContextIntake;
import dev.birgus.ingest.context.ContextPreparer;
import dev.birgus.ingest.context.ContextSource;
import dev.birgus.ingest.context.DockerfileLookup;
import dev.birgus.ingest.context.PreparedContext;
import dev.birgus.ingest.context.RemoteFiles;
import dev.birgus.ingest.context.StandardInput;
import dev.birgus.ingest.ignore.IgnoreRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes of what a user wrote a request with nothing left to look up, and publishes it. What is
 * wrong is said here, before anything is built.
 */
public final class IngestService implements Service {

  private final IngestSettings settings;
  private final ContextIntake contexts;
  private final StandardInput input;
  private final RemoteFiles remote;
  private final Supplier<BuildId> ids;
  private final Journal journal;

  /** The names contexts were given here, and those the services know them by. */
  private final Map<ContextRef, ContextRef> registered = new ConcurrentHashMap<>();

  private final Object folderLock = new Object();

  private volatile @Nullable EventBus bus;
  private @Nullable ProcessFolder folder;

  /**
   * A service that does nothing before it is started.
   *
   * @param contexts where contexts go, for the other services to open
   * @param input standard input, which one build at most can use
   * @param remote Dockerfiles and archives at addresses
   * @param ids a new name for each build
   */
  public IngestService(
      IngestSettings settings,
      ContextIntake contexts,
      StandardInput input,
      RemoteFiles remote,
      Supplier<BuildId> ids,
      Journal journal) {
    this.settings = requireNonNull(settings, "settings");
    this.contexts = requireNonNull(contexts, "contexts");
    this.input = requireNonNull(input, "input");
    this.remote = requireNonNull(remote, "remote");
    this.ids = requireNonNull(ids, "ids");
    this.journal = requireNonNull(journal, "journal");
  }

  @Override
  public void start(EventBus bus) {
    this.bus = requireNonNull(bus, "bus");
  }

  /**
   * Checks a build, prepares its context and publishes its {@code BuildRequested}.
   *
   * @return the name under which its events will be found
   * @throws FailureException if anything is wrong; nothing is published, and nothing is left
   */
  public BuildId submit(SubmittedBuild build) {
    var target = bus;
    if (target == null) {
      throw new IllegalStateException("the service is not started");
    }
    var id = ids.get();
    var request = request(id, build);
    journal.log(Journal.Level.DEBUG, "build requested", Map.of(LogKeys.BUILD, id.value()));
    target.publish(Topic.BUILDS, id.value(), new Event.BuildRequested(id, request));
    return id;
  }

  private BuildRequest request(BuildId id, SubmittedBuild build) {
    // Cheap checks first: nobody should wait for an archive to learn of a typing mistake.
    var arguments = Pairs.buildArguments(build.buildArguments(), build.environment());
    var labels = Pairs.parse("label", build.labels());
    var source = source(build);
    var named = named(build);
    var paths = new OutputPaths(build.workingDirectory());
    var deliveries = Deliveries.of(build.outputs(), paths);
    var preparer = new ContextPreparer(settings.limits(), input, journal);
    try {
      var prepared =
          preparer.prepare(source, build.contextSubPath(), () -> folder().resolve(id.value()));
      var found =
          new DockerfileLookup(prepared, build.workingDirectory())
              .find(build.dockerfile(), input, remote);
      var namedContexts = register(id, named, preparer);
      paths.createParents();
      return new BuildRequest(
          found.dockerfile(),
          register(new ContextRef(id.value()), prepared, found.rules()),
          namedContexts,
          arguments,
          labels,
          build.targets(),
          build.uncached(),
          build.platform(),
          deliveries.tags(),
          deliveries.deliveries(),
          build.options());
    } catch (RuntimeException e) {
      forget(id);
      discard(id, e);
      throw e;
    }
  }

  private static ContextSource source(SubmittedBuild build) {
    var source = ContextSource.parse(build.context(), build.workingDirectory());
    if (source instanceof ContextSource.TarOnStandardInput && build.dockerfile().equals("-")) {
      throw Failure.of(
              "standard-input-taken",
              "both the build context and the Dockerfile should come from standard input",
              "Put the Dockerfile into the tar, or give --dockerfile a file.")
          .toException();
    }
    return source;
  }

  private static Map<String, NamedContexts.Meaning> named(SubmittedBuild build) {
    var reader = new NamedContexts(build.workingDirectory());
    var named = new LinkedHashMap<String, NamedContexts.Meaning>();
    Pairs.parse("build-context", build.namedContexts())
        .forEach((name, value) -> named.put(name, reader.read(name, value)));
    return named;
  }

  private Map<String, NamedContext> register(
      BuildId id, Map<String, NamedContexts.Meaning> named, ContextPreparer preparer) {
    var contexts = new LinkedHashMap<String, NamedContext>();
    named.forEach((name, meaning) ->
        contexts.put(
            name,
            switch (meaning) {
              case NamedContexts.Meaning.Image(var source) -> new NamedContext.Image(source);
              case NamedContexts.Meaning.Nothing() -> new NamedContext.Nothing();
              case NamedContexts.Meaning.ArchiveAt(var address) ->
                  new NamedContext.Image(
                      new ImageSource.FromRootfsArchive(
                          download(id, contexts.size(), address).toString()));
              case NamedContexts.Meaning.Directory(var path) -> {
                var prepared = preparer.prepare(new ContextSource.Directory(path), "", () -> path);
                var rules = new DockerfileLookup(prepared, path).contextRules();
                var ref = new ContextRef(id.value() + "/" + name);
                yield new NamedContext.Files(register(ref, prepared, rules));
              }
            }));
    return contexts;
  }

  private Path download(BuildId id, int number, String address) {
    var target = downloads(id).resolve(number + ".tar");
    try (var stream = remote.open(address)) {
      Files.createDirectories(downloads(id));
      Files.copy(stream, target);
      return target;
    } catch (IOException e) {
      throw Failure.of(
              "bad-build-context",
              "the build context "
                  + WebFiles.shown(address)
                  + " cannot be fetched: "
                  + e.getMessage(),
              "Check the address and the space left at " + settings.workDirectory() + ".")
          .toException(e);
    }
  }

  private Path downloads(BuildId id) {
    return folder().resolve(id.value() + "-downloads");
  }

  private ContextRef register(ContextRef name, PreparedContext prepared, IgnoreRules rules) {
    var ref = contexts.register(name, prepared.directory(), rules);
    registered.put(name, ref);
    return ref;
  }

  /** The folder of this service, which only its owner can look into. */
  private Path folder() {
    synchronized (folderLock) {
      if (folder == null) {
        try {
          folder =
              ProcessFolder.open(settings.workDirectory(), "ingest-", PlainTree::remove, journal);
        } catch (IOException e) {
          throw Failure.of(
                  "no-work-directory",
                  "cannot make a folder in the work directory "
                      + settings.workDirectory()
                      + ": "
                      + e.getMessage(),
                  "Choose a directory that can be written to.")
              .toException(e);
        }
      }
      return folder.path();
    }
  }

  private void forget(BuildId id) {
    registered
        .entrySet()
        .removeIf(each -> {
          var name = each.getKey().id();
          var belongs = name.equals(id.value()) || name.startsWith(id.value() + "/");
          if (belongs) {
            contexts.forget(each.getValue());
          }
          return belongs;
        });
  }

  private void discard(BuildId id, Exception cause) {
    synchronized (folderLock) {
      if (folder == null) {
        return;
      }
      try {
        PlainTree.remove(folder.path().resolve(id.value()));
        PlainTree.remove(downloads(id));
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  /** Removes what archives were unpacked to: no build may be running any more. */
  @Override
  public void close() {
    bus = null;
    registered.values().forEach(contexts::forget);
    registered.clear();
    synchronized (folderLock) {
      if (folder != null) {
        try {
          folder.close();
        } catch (IOException e) {
          journal.log(
              Journal.Level.WARN,
              "the folder of unpacked build contexts could not be removed",
              Map.of(LogKeys.PATH, folder.path().toString()));
        }
        folder = null;
      }
    }
  }
}
