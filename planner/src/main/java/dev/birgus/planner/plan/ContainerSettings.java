package dev.birgus.planner.plan;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.oci.ImageConfig;
import dev.birgus.planner.instruct.Instruction;
import dev.birgus.planner.instruct.Instruction.Command;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The configuration of an image while a stage's instructions change it. Sets (labels, ports,
 * volumes) are written in the order of their names, as other builders do.
 */
final class ContainerSettings {

  private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

  private ImageConfig config;
  private boolean hasOwnCommand;

  ContainerSettings(ImageConfig config) {
    this.config = config;
  }

  ImageConfig config() {
    return config;
  }

  List<String> shell() {
    return config.shell().isEmpty() ? DEFAULT_SHELL : config.shell();
  }

  /** Absolute and clean, even where the base image has it relative. */
  String workingDirectory() {
    return ContextPath.absolute("/", config.workingDirectory());
  }

  void environment(Map<String, String> values) {
    var env = new LinkedHashMap<>(config.env());
    env.putAll(values);
    config = config.withEnv(env);
  }

  /**
   * Adds labels. Those of the request are added to the target after all instructions, so they win
   * over LABEL as with the docker command line; or before them, where LABEL is to win as in kaniko.
   */
  void label(Map<String, String> labels) {
    if (labels.isEmpty()) {
      return;
    }
    var all = new TreeMap<>(config.labels());
    all.putAll(labels);
    config = config.with("Labels", Json.ofStrings(all));
  }

  void command(List<String> words) {
    hasOwnCommand = true;
    config = withWords("Cmd", words).without("ArgsEscaped");
  }

  /** A new entry point: the command inherited from the base does not belong to it. */
  void entrypoint(List<String> words) {
    config = withWords("Entrypoint", words);
    if (!hasOwnCommand) {
      config = config.without("Cmd").without("ArgsEscaped");
    }
  }

  void shell(List<String> words) {
    config = withWords("Shell", words);
  }

  void user(String user) {
    config = config.with("User", Json.of(user));
  }

  void workingDirectory(String path) {
    config = config.with("WorkingDir", Json.of(path));
  }

  void expose(Collection<String> ports) {
    addToSet("ExposedPorts", ports);
  }

  void volume(Collection<String> paths) {
    addToSet("Volumes", paths);
  }

  void stopSignal(String signal) {
    config = config.with("StopSignal", Json.of(signal));
  }

  void onBuild(String trigger) {
    var triggers = new ArrayList<>(config.onBuild());
    triggers.add(trigger);
    config = config.with("OnBuild", Json.ofStrings(triggers));
  }

  void author(String name) {
    config = new ImageConfig(config.json().with("author", Json.of(name)));
  }

  /** Durations are nanoseconds; what is 0 is left to the runtime's default. */
  void healthcheck(Instruction.Healthcheck check) {
    var test = new ArrayList<String>();
    switch (check.command().orElse(null)) {
      case null -> test.add("NONE");
      case Command.Shell(var text) -> test.addAll(List.of("CMD-SHELL", text));
      case Command.Exec(var words) -> {
        test.add("CMD");
        test.addAll(words);
      }
    }
    var json = Json.Obj.EMPTY.with("Test", Json.ofStrings(test));
    json = withNumber(json, "Interval", check.interval());
    json = withNumber(json, "Timeout", check.timeout());
    json = withNumber(json, "StartPeriod", check.startPeriod());
    json = withNumber(json, "StartInterval", check.startInterval());
    json = withNumber(json, "Retries", check.retries());
    config = config.with("Healthcheck", json);
  }

  private static Json.Obj withNumber(Json.Obj json, String name, long value) {
    return value == 0 ? json : json.with(name, Json.of(value));
  }

  private ImageConfig withWords(String name, List<String> words) {
    return words.isEmpty() ? config.without(name) : config.with(name, Json.ofStrings(words));
  }

  private void addToSet(String name, Collection<String> added) {
    var all = new TreeMap<String, Json>(config.container().object(name).members());
    added.forEach(element -> all.put(element, Json.Obj.EMPTY));
    config = config.with(name, new Json.Obj(all));
  }
}
