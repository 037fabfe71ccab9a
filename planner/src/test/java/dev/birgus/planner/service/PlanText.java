package dev.birgus.planner.service;

import dev.birgus.infra.contracts.FileOrigin;
import dev.birgus.infra.contracts.FileTransfer;
import dev.birgus.infra.contracts.Isolation;
import dev.birgus.infra.contracts.Operation;
import dev.birgus.infra.contracts.Plan;
import dev.birgus.infra.contracts.StageBase;
import dev.birgus.infra.contracts.TransferSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;

/** A plan as text: a line for each stage, and for each step its history and what it does. */
final class PlanText {

  private PlanText() {}

  static String of(Plan plan) {
    var text = new StringBuilder();
    for (var stage : plan.stages()) {
      text.append(stage.name()).append(" <- ").append(base(plan, stage.base())).append('\n');
      for (var step : stage.steps()) {
        text.append("  ").append(step.createdBy()).append('\n');
        step.operation().ifPresent(done -> text.append("    ").append(of(plan, done)).append('\n'));
      }
    }
    plan.warnings().forEach(found -> text.append("! ").append(found.message()).append('\n'));
    return text.toString();
  }

  private static String base(Plan plan, StageBase base) {
    return switch (base) {
      case StageBase.Scratch _ -> "scratch";
      case StageBase.OfImage(var image) ->
          image.name() + " " + image.config().platform().map(Object::toString).orElse("?");
      case StageBase.OfStage(var stage) -> "stage " + plan.stage(stage).name();
    };
  }

  private static String of(Plan plan, Operation operation) {
    return switch (operation) {
      case Operation.Run(
              var command,
              var environment,
              var directory,
              var user,
              var mounts,
              var isolation) -> {
        var shown = new LinkedHashMap<>(environment);
        shown.remove("PATH");
        yield "run "
            + command
            + " "
            + shown
            + " in "
            + directory
            + (user.isEmpty() ? "" : " as " + user)
            + (mounts.isEmpty() ? "" : " with " + new MountText(plan).of(mounts))
            + (isolation.equals(Isolation.DEFAULT) ? "" : " " + isolation);
      }
      case Operation.Copy(var transfer) -> "copy " + of(plan, transfer);
      case Operation.Add(var transfer) -> "add " + of(plan, transfer);
      case Operation.MakeDirectory(var path, var user) ->
          "mkdir " + path + (user.isEmpty() ? "" : " as " + user);
    };
  }

  private static String of(Plan plan, FileTransfer transfer) {
    var from =
        switch (transfer.from()) {
          case FileOrigin.Context(var context) -> context.id();
          case FileOrigin.FromStage(var stage) -> "stage " + plan.stage(stage).name();
          case FileOrigin.FromImage(var image) -> "image " + image.name();
        };
    var files = new ArrayList<String>();
    var rest = new ArrayList<String>();
    for (var source : transfer.sources()) {
      switch (source) {
        case TransferSource.Files(var _, var paths, var include, var unpack) -> {
          files.addAll(paths);
          include.ifPresent(pattern -> rest.add("below " + pattern));
          if (unpack) {
            rest.add("unpacked");
          }
        }
        case TransferSource.Text(var name, var content) ->
            rest.add("text " + name + "=" + content.replace("\n", "⏎"));
        case TransferSource.Download download ->
            rest.add(
                "download "
                    + download.written()
                    + " as "
                    + download.name()
                    + download.checksum().map(digest -> " " + digest.brief()).orElse("")
                    + (download.unpack() ? " unpacked" : ""));
        case TransferSource.Repository repository ->
            rest.add(
                "git "
                    + repository.written()
                    + " /"
                    + repository.subdirectory()
                    + repository.checksum().map(commit -> " at " + commit).orElse("")
                    + (repository.keepGitDirectory() ? " with .git" : "")
                    + (repository.submodules() ? "" : " alone"));
      }
    }
    return (files.isEmpty() && !rest.isEmpty() ? "" : from + files + (rest.isEmpty() ? "" : " "))
        + String.join(" ", rest)
        + (transfer.intoDirectory() ? " into " : " to ")
        + transfer.destination()
        + transfer.owner().map(owner -> " owner " + owner).orElse("")
        + transfer.mode().map(mode -> " mode " + mode).orElse("")
        + (transfer.excludes().isEmpty() ? "" : " without " + transfer.excludes())
        + (transfer.link() ? " link" : "");
  }
}
