package dev.birgus.cli.settings;

import dev.birgus.cli.endtoend.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** No container: as root, or as an ordinary user that has a range of further ids. */
final class OnTheMachine implements Setting {

  private static final int USER = 4711;

  /**
   * The user is only known to what the script runs: the files that tell of users are hidden by
   * others in a mount namespace.
   */
  private static final String BECOME =
      """
      for file in passwd group subuid subgid; do
        cat "/etc/$file" "$U/$file" >"$U/all-$file" 2>/dev/null
        [ -e "/etc/$file" ] && mount --bind "$U/all-$file" "/etc/$file"
      done
      exec setpriv --reuid=4711 --regid=4711 --clear-groups --inh-caps=-all -- sh -euc "$@"
      """;

  private final String name;
  private final boolean ordinary;
  private final Path volume;

  private OnTheMachine(String name, boolean ordinary, Path volume) {
    this.name = name;
    this.ordinary = ordinary;
    this.volume = volume;
  }

  /** As root. */
  static OnTheMachine root(String name, Path folder) throws IOException {
    Tool.needRoot();
    return new OnTheMachine(name, false, Files.createDirectories(folder.resolve("volume")));
  }

  /** As a user with 65536 further ids. */
  static OnTheMachine user(String name, Path folder) throws IOException, InterruptedException {
    Tool.needRoot();
    Tool.need("unshare", "setpriv", "newuidmap", "newgidmap");
    var volume = Files.createDirectories(folder.resolve("volume"));
    var users = Files.createDirectories(folder.resolve("users"));
    Files.writeString(users.resolve("passwd"), "crab:x:4711:4711::" + volume + ":/bin/sh\n");
    Files.writeString(users.resolve("group"), "crab:x:4711:\n");
    Files.writeString(users.resolve("subuid"), "crab:300000:65536\n");
    Files.writeString(users.resolve("subgid"), "crab:300000:65536\n");
    Tool.sh(folder, "chown -R " + USER + ":" + USER + " volume; touch /etc/subuid /etc/subgid");
    return new OnTheMachine(name, true, volume);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Path volume() {
    return volume;
  }

  @Override
  public Outcome run(String script, List<String> arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (ordinary) {
      command.addAll(List.of("unshare", "--mount", "sh", "-euc", BECOME, "become"));
    } else {
      command.addAll(List.of("sh", "-euc"));
    }
    command.addAll(List.of(script, "setting"));
    command.addAll(arguments);
    var environment =
        Map.of(
            "PATH",
            SettingProcess.PATH,
            "HOME",
            volume.toString(),
            "V",
            volume.toString(),
            "U",
            volume.resolveSibling("users").toString());
    return SettingProcess.run(command, volume, environment);
  }

  @Override
  public void close() {
    // Nothing was made outside of the folder.
  }
}
