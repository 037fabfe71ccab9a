package dev.birgus.cli.settings;

import dev.birgus.infra.json.Json;
import dev.birgus.infra.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The {@code config.json} an OCI runtime starts a container from, as docker and containerd write it
 * for a container nobody said anything special about.
 */
final class ContainerSpec {

  /** The first id of a container's own users, outside. */
  static final int FIRST_ID = 200_000;

  private static final int IDS = 65_536;

  private final ContainerKind kind;
  private final List<Json> mounts = new ArrayList<>();

  ContainerSpec(ContainerKind kind) {
    this.kind = kind;
    mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
    mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
    mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666");
    mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k");
    mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
    // A sysfs of its own takes a network namespace of its own, which these containers have not got.
    mount("/sys", "bind", "/sys", "rbind", "nosuid", "noexec", "nodev", "ro");
  }

  /** Shows a directory or file of the machine in the container. */
  ContainerSpec bind(Path source, String target, boolean writable) {
    mount(target, "bind", source.toString(), "rbind", writable ? "rw" : "ro");
    return this;
  }

  private void mount(String target, String type, String source, String... options) {
    mounts.add(
        Json.Obj.EMPTY
            .with("destination", Json.of(target))
            .with("type", Json.of(type))
            .with("source", Json.of(source))
            .with("options", Json.ofStrings(List.of(options))));
  }

  /** Writes the file. */
  void write(Path file, Path root, List<String> command, Map<String, String> environment)
      throws IOException {
    var spec =
        Json.Obj.EMPTY
            .with("ociVersion", Json.of("1.0.2"))
            .with("process", process(command, environment))
            .with(
                "root",
                Json.Obj.EMPTY
                    .with("path", Json.of(root.toString()))
                    .with("readonly", Json.of(false)))
            .with("hostname", Json.of("pod"))
            .with("mounts", new Json.Arr(mounts))
            .with("linux", linux());
    Files.writeString(file, JsonText.text(spec));
  }

  private Json process(List<String> command, Map<String, String> environment) {
    var capabilities = Json.ofStrings(List.copyOf(kind.capabilities()));
    var variables =
        environment.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList();
    return Json.Obj.EMPTY
        .with("terminal", Json.of(false))
        .with("user", Json.Obj.EMPTY.with("uid", Json.of(0)).with("gid", Json.of(0)))
        .with("args", Json.ofStrings(command))
        .with("env", Json.ofStrings(variables))
        .with("cwd", Json.of("/"))
        .with(
            "capabilities",
            Json.Obj.EMPTY
                .with("bounding", capabilities)
                .with("effective", capabilities)
                .with("permitted", capabilities))
        .with("noNewPrivileges", Json.of(false));
  }

  private Json linux() throws IOException {
    var namespaces = new ArrayList<Json>();
    for (var type : List.of("pid", "ipc", "uts", "mount")) {
      namespaces.add(Json.Obj.EMPTY.with("type", Json.of(type)));
    }
    var linux = Json.Obj.EMPTY;
    if (kind.mapped()) {
      namespaces.add(Json.Obj.EMPTY.with("type", Json.of("user")));
      linux = linux.with("uidMappings", ids()).with("gidMappings", ids());
    }
    if (kind.filtered()) {
      linux = linux.with("seccomp", SeccompProfile.forContainer(kind.capabilities()));
    }
    return linux
        .with("namespaces", new Json.Arr(namespaces))
        .with(
            "maskedPaths",
            Json.ofStrings(
                List.of(
                    "/proc/asound",
                    "/proc/acpi",
                    "/proc/kcore",
                    "/proc/keys",
                    "/proc/latency_stats",
                    "/proc/timer_list",
                    "/proc/timer_stats",
                    "/proc/sched_debug",
                    "/proc/scsi",
                    "/sys/firmware")))
        .with(
            "readonlyPaths",
            Json.ofStrings(
                List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")));
  }

  private static Json ids() {
    return new Json.Arr(
        List.of(
            Json.Obj.EMPTY
                .with("containerID", Json.of(0))
                .with("hostID", Json.of(FIRST_ID))
                .with("size", Json.of(IDS))));
  }
}
