package dev.birgus.executor.stage;

import dev.birgus.executor.files.FileAttributes;
import dev.birgus.executor.operation.RunResources;
import dev.birgus.executor.run.AgentSocket;
import dev.birgus.executor.run.Mount;
import dev.birgus.infra.contracts.Failure;
import dev.birgus.infra.contracts.FailureException;
import dev.birgus.infra.contracts.Grants;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.RunMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the mounts of one RUN come to on this node: opened before the command, given back after it.
 */
final class StepMounts implements AutoCloseable {

  private static final String AGENT_VARIABLE = "SSH_AUTH_SOCK";
  private static final int SECRET_MODE = 0400;
  private static final int AGENT_MODE = 0600;

  /** Anybody may read and execute it, whatever their user. */
  private static final int SCRIPT_MODE = 0755;

  private final MountSources sources;
  private final Grants grants;
  private final NodeAccess access;
  private final Deque<AutoCloseable> releases = new ArrayDeque<>();
  private final List<Mount> mounts = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private final Map<String, String> defaults = new LinkedHashMap<>();

  private StepMounts(MountSources sources, Grants grants) {
    this.sources = sources;
    this.grants = grants;
    this.access = sources.storage().access();
  }

  /**
   * Opens all mounts of a command. It may have to wait for a cache that somebody else has locked.
   *
   * @throws FailureException if one cannot be had, without its place
   */
  static StepMounts open(Operation.Run run, MountSources sources, Grants grants)
      throws IOException, InterruptedException {
    var opened = new StepMounts(sources, grants);
    try {
      var caches = new StepCaches(opened.access.caches(), sources, opened.releases::push);
      caches.take(run.mounts());
      for (var mount : run.mounts()) {
        opened.add(mount, caches);
      }
      return opened;
    } catch (IOException | RuntimeException | InterruptedException failed) {
      opened.closeAfter(failed);
      throw failed;
    }
  }

  /** The mounts of a step that runs no command. */
  static StepMounts none(MountSources sources) {
    return new StepMounts(sources, Grants.NONE);
  }

  /** What the command is given. */
  RunResources resources() {
    return new RunResources(mounts, environment, defaults, grants.limits());
  }

  private void add(RunMount mount, StepCaches caches) throws IOException, InterruptedException {
    switch (mount) {
      case RunMount.Bind(var target, var from, var source, var writable) -> {
        var place = sources.open(from, source, writable, releases::push);
        mounts.add(new Mount.Bound(target, place.path(), place.directory(), writable));
      }
      case RunMount.Cache cache ->
          mounts.add(
              new Mount.Bound(cache.target(), caches.directory(cache), true, cache.writable()));
      case RunMount.Tmpfs(var target, var size, var writable) ->
          mounts.add(new Mount.Memory(target, size, writable));
      case RunMount.Secret secret -> add(secret);
      case RunMount.Agent agent -> add(agent);
      case RunMount.Script(var target, var text) ->
          mounts.add(
              new Mount.Content(
                  target, text.getBytes(StandardCharsets.UTF_8), SCRIPT_MODE, 0, 0, true));
    }
  }

  private void add(RunMount.Secret secret) {
    var source = grants.secrets().get(secret.id());
    if (source == null) {
      if (secret.required()) {
        throw Failure.of(
                "secret-missing",
                "the secret \"" + secret.id() + "\" is required, and the build was not given it",
                "give it with --secret id=" + secret.id() + ",src=FILE or ,env=VARIABLE")
            .toException();
      }
      return;
    }
    var value = access.secrets().read(source);
    var owner = secret.access();
    secret
        .target()
        .ifPresent(target ->
            mounts.add(
                new Mount.Content(
                    target,
                    value,
                    owner.mode().orElse(SECRET_MODE),
                    owner.uid().orElse(0),
                    owner.gid().orElse(0),
                    false)));
    secret.environment().ifPresent(name -> environment.put(name, text(secret.id(), value)));
  }

  private static String text(String id, byte[] value) {
    for (var each : value) {
      if (each == 0) {
        throw Failure.of(
                "secret-not-text",
                "the secret \"" + id + "\" has a zero byte, which no variable can hold",
                "mount it as a file: leave env= out")
            .toException();
      }
    }
    return new String(value, StandardCharsets.UTF_8);
  }

  private void add(RunMount.Agent agent) throws IOException {
    defaults.putIfAbsent(AGENT_VARIABLE, agent.target());
    var source = Optional.ofNullable(grants.agents().get(agent.id()));
    if (source.isEmpty()) {
      if (agent.required()) {
        throw Failure.of(
                "agent-missing",
                "the SSH agent \"" + agent.id() + "\" is required, and the build was not given it",
                "give it with --ssh " + agent.id() + ", or --ssh " + agent.id() + "=SOCKET")
            .toException();
      }
      return;
    }
    var owner = agent.access();
    var folder = sources.temporary("agent-", releases::push);
    var socket =
        AgentSocket.listen(
            folder.path(),
            access.secrets().agent(source.get()),
            new FileAttributes(
                owner.mode().orElse(AGENT_MODE),
                owner.uid().orElse(0),
                owner.gid().orElse(0),
                0,
                Collections.emptySortedMap()));
    releases.push(socket);
    mounts.add(new Mount.Bound(agent.target(), socket.path(), false, true));
  }

  private void closeAfter(Exception failure) {
    try {
      close();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  /** Gives everything back, the last first. */
  @Override
  public void close() throws IOException {
    while (!releases.isEmpty()) {
      try {
        releases.pop().close();
      } catch (IOException | RuntimeException failed) {
        closeAfter(failed);
        throw failed;
      } catch (Exception impossible) {
        throw new IOException(impossible);
      }
    }
  }
}
