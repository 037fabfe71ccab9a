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
 *
 * <p>What can grow with every instruction is kept open and written into the configuration when it
 * is asked for, so that a stage takes time in proportion to its instructions.
 */
final class ContainerSettings {

  private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

  private ImageConfig config;
  private final Map<String, String> env;
  private final Map<String, String> labels;
  private final Map<String, Json> ports;
  private final Map<String, Json> volumes;
  private final List<String> triggers;
  private boolean envChanged;
  private boolean hasOwnCommand;

  ContainerSettings(ImageConfig config) {
    this.config = config;
    env = new LinkedHashMap<>(config.env());
    labels = new TreeMap<>(config.labels());
    ports = new TreeMap<>(config.container().object("ExposedPorts").members());
    volumes = new TreeMap<>(config.container().object("Volumes").members());
    triggers = new ArrayList<>(config.onBuild());
  }

  /** The configuration as it is now; takes time in proportion to its size. */
  ImageConfig config() {
    var complete = envChanged ? config.withEnv(env) : config;
    if (!labels.isEmpty()) {
      complete = complete.with("Labels", Json.ofStrings(labels));
    }
    if (!ports.isEmpty()) {
      complete = complete.with("ExposedPorts", new Json.Obj(ports));
    }
    if (!volumes.isEmpty()) {
      complete = complete.with("Volumes", new Json.Obj(volumes));
    }
    return triggers.isEmpty() ? complete : complete.with("OnBuild", Json.ofStrings(triggers));
  }

  List<String> shell() {
    return config.shell().isEmpty() ? DEFAULT_SHELL : config.shell();
  }

  /** Absolute and clean, even where the base image has it relative. */
  String workingDirectory() {
    return ContextPath.absolute("/", config.workingDirectory());
  }

  /** Name or id, optionally with {@code :group}; empty for root. */
  String user() {
    return config.user();
  }

  void environment(Map<String, String> values) {
    env.putAll(values);
    envChanged = true;
  }

  /**
   * Adds labels. Those of the request are added to the target after all instructions, so they win
   * over LABEL as with the docker command line; or before them, where LABEL is to win as in kaniko.
   */
  void label(Map<String, String> added) {
    labels.putAll(added);
  }

  /** The command; as with BuildKit every image that sets one says that it needs no escaping. */
  void command(List<String> words) {
    hasOwnCommand = true;
    config = withWords("Cmd", words).with("ArgsEscaped", Json.of(true));
  }

  /** A new entry point: the command inherited from the base does not belong to it. */
  void entrypoint(List<String> words) {
    config = withWords("Entrypoint", words);
    if (!hasOwnCommand) {
      config = config.without("Cmd");
    }
  }

  void shell(List<String> words) {
    config = withWords("Shell", words);
  }

  void user(String user) {
    config = user.isEmpty() ? config.without("User") : config.with("User", Json.of(user));
  }

  void workingDirectory(String path) {
    config = config.with("WorkingDir", Json.of(path));
  }

  void expose(Collection<String> added) {
    added.forEach(port -> ports.put(port, Json.Obj.EMPTY));
  }

  void volume(Collection<String> added) {
    added.forEach(path -> volumes.put(path, Json.Obj.EMPTY));
  }

  void stopSignal(String signal) {
    config = config.with("StopSignal", Json.of(signal));
  }

  void onBuild(String trigger) {
    triggers.add(trigger);
  }

  void author(String name) {
    config = new ImageConfig(config.json().with("author", Json.of(name)));
  }

  /** Durations are nanoseconds; what is 0 is left to the runtime's default. */
  void healthcheck(Instruction.Healthcheck check) {
    var json = Json.Obj.EMPTY.with("Test", Json.ofStrings(test(check)));
    json = withNumber(json, "Interval", check.interval());
    json = withNumber(json, "Timeout", check.timeout());
    json = withNumber(json, "StartPeriod", check.startPeriod());
    json = withNumber(json, "StartInterval", check.startInterval());
    json = withNumber(json, "Retries", check.retries());
    config = config.with("Healthcheck", json);
  }

  /** What a health check runs, as the configuration has it. */
  static List<String> test(Instruction.Healthcheck check) {
    var test = new ArrayList<String>();
    switch (check.command().orElse(null)) {
      case null -> test.add("NONE");
      case Command.Shell(var text) -> test.addAll(List.of("CMD-SHELL", text));
      case Command.Exec(var words) -> {
        test.add("CMD");
        test.addAll(words);
      }
    }
    return test;
  }

  private static Json.Obj withNumber(Json.Obj json, String name, long value) {
    return value == 0 ? json : json.with(name, Json.of(value));
  }

  private ImageConfig withWords(String name, List<String> words) {
    return words.isEmpty() ? config.without(name) : config.with(name, Json.ofStrings(words));
  }
}
