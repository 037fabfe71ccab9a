package dev.birgus.cli.settings;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import dev.birgus.infra.testkit.Need;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Docker's default list of system calls as an OCI runtime takes it: the rules that depend on the
 * capabilities and the architecture of a container are chosen, as docker does when it starts one.
 */
final class SeccompProfile {

  private static final Path FILE =
      Path.of("/usr/share/gocode/src/github.com/docker/docker/profiles/seccomp", "default.json");

  private SeccompProfile() {}

  /** The profile of a container with these capabilities: {@code linux.seccomp}. */
  static Json.Obj forContainer(Set<String> capabilities) throws IOException {
    Need.installed(Files.isReadable(FILE), "golang-github-docker-docker-dev");
    var profile = JsonText.parseObject(Files.readAllBytes(FILE));
    var native64 = isArm() ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";
    var architectures = new ArrayList<String>();
    for (var each : profile.array("archMap")) {
      var entry = (Json.Obj) each;
      if (entry.string("architecture").orElse("").equals(native64)) {
        architectures.add(native64);
        architectures.addAll(entry.strings("subArchitectures"));
      }
    }
    var rules = new ArrayList<Json>();
    for (var each : profile.array("syscalls")) {
      var rule = (Json.Obj) each;
      if (applies(rule, capabilities)) {
        rules.add(rule(rule));
      }
    }
    return Json.Obj.EMPTY
        .with("defaultAction", Json.of(profile.string("defaultAction").orElseThrow()))
        .with("architectures", Json.ofStrings(architectures))
        .with("syscalls", new Json.Arr(rules));
  }

  /** The oldest kernel a rule names is older than any these tests run on. */
  private static boolean applies(Json.Obj rule, Set<String> capabilities) {
    var includes = rule.object("includes");
    var excludes = rule.object("excludes");
    var architecture = isArm() ? "arm64" : "amd64";
    var wanted = includes.strings("arches");
    return (wanted.isEmpty() || wanted.contains(architecture))
        && capabilities.containsAll(includes.strings("caps"))
        && !excludes.strings("arches").contains(architecture)
        && excludes.strings("caps").stream().noneMatch(capabilities::contains);
  }

  private static Json rule(Json.Obj rule) {
    var result =
        Json.Obj.EMPTY
            .with("names", Json.ofStrings(rule.strings("names")))
            .with("action", Json.of(rule.string("action").orElseThrow()));
    List<Json> arguments = rule.array("args");
    if (!arguments.isEmpty()) {
      result = result.with("args", new Json.Arr(arguments));
    }
    var error = rule.number("errnoRet");
    return error.isPresent() ? result.with("errnoRet", Json.of(error.get())) : result;
  }

  private static boolean isArm() {
    return "aarch64".equals(System.getProperty("os.arch"));
  }
}
