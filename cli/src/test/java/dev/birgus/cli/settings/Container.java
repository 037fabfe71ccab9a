package dev.birgus.cli.settings;

import dev.birgus.cli.endtoend.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A container, by runc. Its root is an overlay with little of its own; programs and libraries are
 * the machine's.
 */
final class Container implements Setting {

  /** What containers find where this machine has it. */
  private static final List<String> OF_THE_MACHINE = List.of("/usr", "/opt");

  private static final String MAKE_ROOT =
      """
      mkdir -p lower/etc lower/tmp lower/root lower/run lower/var/tmp lower/var/lib lower/proc \\
        lower/sys lower/dev lower/usr lower/opt lower/V upper work root
      chmod 1777 lower/tmp lower/var/tmp
      for link in bin sbin lib lib32 lib64 libx32; do
        if [ -L "/$link" ]; then cp -P "/$link" "lower/$link"; fi
      done
      for file in alternatives nsswitch.conf ld.so.cache ld.so.conf ld.so.conf.d resolv.conf hosts \\
        ssl ca-certificates java-25-openjdk; do
        if [ -e "/etc/$file" ]; then cp -rL "/etc/$file" lower/etc/ 2>/dev/null || true; fi
      done
      echo 'root:x:0:0:root:/root:/bin/sh' >lower/etc/passwd
      echo 'root:x:0:' >lower/etc/group
      """;

  private final String name;
  private final ContainerKind kind;
  private final Path folder;
  private final Path shared;
  private int number;

  private Container(String name, ContainerKind kind, Path folder, Path shared) {
    this.name = name;
    this.kind = kind;
    this.folder = folder;
    this.shared = shared;
  }

  /**
   * A container.
   *
   * @param folder empty, for what it needs
   * @param shared what it sees under the same path, read-only
   */
  static Container make(String name, ContainerKind kind, Path folder, Path shared)
      throws IOException, InterruptedException {
    Tool.needRoot();
    Tool.need("runc", "mount");
    Files.createDirectories(folder.resolve("volume"));
    Tool.sh(folder, MAKE_ROOT);
    if (kind.mapped()) {
      var owner = ContainerSpec.FIRST_ID + ":" + ContainerSpec.FIRST_ID;
      Tool.sh(folder, "chown -hR " + owner + " lower upper work volume");
    }
    Tool.sh(folder, "mount -t overlay birgus -o lowerdir=lower,upperdir=upper,workdir=work root");
    return new Container(name, kind, folder, shared);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Path volume() {
    return folder.resolve(kind.stateOnVolume() ? "volume" : "root/V");
  }

  @Override
  public Outcome run(String script, List<String> arguments)
      throws IOException, InterruptedException {
    var id = "birgus-" + ProcessHandle.current().pid() + "-" + name.hashCode() + "-" + number++;
    var bundle = Files.createDirectories(folder.resolve(id));
    var spec = new ContainerSpec(kind);
    for (var directory : OF_THE_MACHINE) {
      spec.bind(Path.of(directory), directory, false);
    }
    spec.bind(shared, shared.toString(), false);
    if (kind.stateOnVolume()) {
      spec.bind(folder.resolve("volume"), "/V", true);
    }
    var command = new ArrayList<>(List.of("sh", "-euc", script, "setting"));
    command.addAll(arguments);
    var environment = Map.of("PATH", SettingProcess.PATH, "HOME", "/root", "V", "/V");
    spec.write(bundle.resolve("config.json"), folder.resolve("root"), command, environment);
    var runc = List.of("runc", "--root", folder.resolve("runc").toString(), "run", id);
    return SettingProcess.run(runc, bundle, Map.of("PATH", SettingProcess.PATH));
  }

  @Override
  public void close() throws IOException {
    try {
      Tool.sh(folder, "umount root");
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new IOException("still mounted: " + folder.resolve("root"), cancelled);
    }
  }
}
