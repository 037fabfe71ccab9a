package dev.birgus.planner.service;

import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.RunMount;
import java.util.List;
import java.util.Optional;

/** The mounts of a RUN as text. */
record MountText(Plan plan) {

  String of(List<RunMount> mounts) {
    return mounts.stream().map(this::of).toList().toString();
  }

  private String of(RunMount mount) {
    return switch (mount) {
      case RunMount.Bind(var target, var from, var source, var writable) ->
          "bind " + of(from) + ":" + source + " at " + target + (writable ? " rw" : "");
      case RunMount.Cache cache ->
          "cache "
              + cache.id()
              + " "
              + cache.platform()
              + " "
              + cache.sharing()
              + " "
              + of(cache.from())
              + ":"
              + cache.source()
              + " at "
              + cache.target()
              + (cache.writable() ? "" : " ro")
              + of(cache.owner());
      case RunMount.Tmpfs(var target, var size, var writable) ->
          "tmpfs at " + target + " " + size.orElse(-1) + (writable ? "" : " ro");
      case RunMount.Secret secret ->
          "secret "
              + secret.id()
              + secret.target().map(target -> " at " + target).orElse("")
              + secret.environment().map(name -> " in " + name).orElse("")
              + (secret.required() ? " required" : "")
              + of(secret.access());
      case RunMount.Agent agent ->
          "agent "
              + agent.id()
              + " at "
              + agent.target()
              + (agent.required() ? " required" : "")
              + of(agent.access());
      case RunMount.Script(var target, var text) -> "script at " + target + ": " + text;
    };
  }

  private static String of(RunMount.Access access) {
    return access.equals(RunMount.Access.DEFAULT)
        ? ""
        : " "
            + access.uid().orElse(-1)
            + ":"
            + access.gid().orElse(-1)
            + " "
            + access.mode().map(Integer::toOctalString).orElse("-");
  }

  private String of(Optional<FileOrigin> from) {
    return switch (from.orElse(null)) {
      case FileOrigin.Context(var context) -> context.id();
      case FileOrigin.FromStage(var stage) -> "stage " + plan.stage(stage).name();
      case FileOrigin.FromImage(var image) -> "image " + image.name();
      case null -> "nothing";
    };
  }
}
