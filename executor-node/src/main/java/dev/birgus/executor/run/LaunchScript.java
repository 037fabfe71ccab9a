package dev.birgus.executor.run;

import dev.birgus.executor.run.CommandRunner.Invocation;
import dev.birgus.infra.contracts.Isolation.Security;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the first process of a new namespace does: it mounts what a command expects to find, makes
 * the root its own and runs the command. It is read by the node's {@code sh} from a pipe, so
 * neither arguments nor environment of the command stand in the argument list of a process outside.
 *
 * <p>The environment becomes the command's by {@code env -S}, in whose argument values are only
 * named. Variables the dynamic linker acts upon would change the node's own programs; they are put
 * in last, by the {@code env} of the root.
 */
final class LaunchScript {

  /** Ends what the script itself printed: all after it on standard output is the command's. */
  static final String READY = "birgus: ready\n";

  /** How the script ends if it could not prepare the root. */
  static final int NOT_PREPARED = 125;

  /** The capabilities containers have by default everywhere (moby, containerd). */
  private static final String CAPABILITIES =
      "-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap"
          + ",+net_bind_service,+net_raw,+sys_chroot,+mknod,+audit_write,+setfcap";

  /**
   * Makes the root. Devices in it cannot be used, whatever RUN makes with mknod: on a node without
   * device cgroups they would be the node's. What is hidden or read-only is what moby has so.
   */
  private static final String PREPARE =
      """
      device() {
        mknod -m 666 "$1" c "$2" "$3" 2>/dev/null || { : >"$1" && mount --bind "/dev/$1" "$1"; }
      }
      own() {
        cat "$1" >birgus-own 2>/dev/null
        if [ -n "$3" ]; then echo "$3" >>birgus-own; fi
        mount --bind birgus-own "$2" && rm birgus-own
      }
      prepare() {
        if [ -n "$insecure" ]; then mount --bind "$root" "$root" || return; else
          mount --bind -o nodev "$root" "$root" || return
        fi
        cd "$root" || return
        mount -t proc -o nosuid,nodev,noexec proc "$root$proc" || return
        if [ -n "$insecure" ]; then mount --rbind /sys "$root$sys" || return; else
          mount --bind -o ro /sys "$root$sys" 2>/dev/null || empty "$root$sys" || return
        fi
        mount -t tmpfs -o nosuid,noexec,mode=755,size=1m tmpfs "$root$dev" || return
        cd "$root$dev" && mkdir pts shm || return
        device null 1 3 && device zero 1 5 && device full 1 7 || return
        device random 1 8 && device urandom 1 9 && device tty 5 0 || return
        mount -t devpts -o nosuid,noexec,newinstance,ptmxmode=0666,mode=0620 devpts pts || return
        mount -t tmpfs -o nosuid,nodev,noexec,mode=1777,size=64m shm shm || return
        ln -s /proc/self/fd fd && ln -s pts/ptmx ptmx || return
        ln -s /proc/self/fd/0 stdin && ln -s /proc/self/fd/1 stdout || return
        ln -s /proc/self/fd/2 stderr || return
        if [ -n "$resolver" ]; then own /etc/resolv.conf "$root$resolver" '' || return; fi
        if [ -n "$hosts" ]; then own /etc/hosts "$root$hosts" "127.0.1.1 $name" || return; fi
        echo "$name" >/proc/sys/kernel/hostname
        mounts || return
        if [ -z "$insecure" ]; then mask || return; fi
        cd "$root" && mount --move "$root" /
      }
      empty() {
        mount -t tmpfs -o ro,nosuid,nodev,noexec,size=4k tmpfs "$1"
      }
      hide() {
        if [ -d "$1" ]; then empty "$1"; elif [ -e "$1" ]; then mount --bind /dev/null "$1"; fi
      }
      mask() {
        cd "$root$proc" || return
        for each in bus fs irq sys sysrq-trigger; do
          if [ -e "$each" ]; then mount --bind -o ro "$each" "$each" || return; fi
        done
        for each in acpi asound interrupts kcore keys latency_stats sched_debug scsi timer_list \\
          timer_stats "$root$sys/firmware" "$root$sys/devices/virtual/powercap"; do
          hide "$each" || return
        done
      }
      if ! prepare 2>&1; then exit 125; fi
      """;

  private LaunchScript() {}

  /** Where everything is mounted. */
  record Layout(MountPoints.Places places, List<TargetPlaces.Placed> mounts) {}

  /**
   * The script.
   *
   * @param env the root's {@code env}, needed if {@link #needsEnv} says so
   */
  static byte[] of(Invocation invocation, Layout layout, String hostName, Optional<String> env) {
    var places = layout.places();
    var insecure = invocation.isolation().security() == Security.INSECURE;
    var script = new StringBuilder(8192);
    script.append("PATH=/usr/sbin:/usr/bin:/sbin:/bin\numask 022\n");
    assign(script, "root", invocation.root().toString());
    assign(script, "proc", places.proc());
    assign(script, "sys", places.sys());
    assign(script, "dev", places.dev());
    assign(script, "resolver", places.resolver().orElse(""));
    assign(script, "hosts", places.hosts().orElse(""));
    assign(script, "name", hostName);
    assign(script, "insecure", insecure ? "yes" : "");
    script.append(MountScript.of(layout.mounts()));
    script.append(PREPARE);
    script.append("printf '").append(READY.replace("\n", "\\n")).append("'\n");
    appendCommand(script, invocation, env);
    return script.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Whether the environment has variables only the root's own {@code env} may put in. */
  static boolean needsEnv(Invocation invocation) {
    return invocation.environment().keySet().stream().anyMatch(LaunchScript::changesPrograms);
  }

  private static void appendCommand(
      StringBuilder script, Invocation invocation, Optional<String> env) {
    var early = new ArrayList<String>();
    var late = new ArrayList<String>();
    invocation
        .environment()
        .forEach((name, value) -> (changesPrograms(name) ? late : early).add(name + "=" + value));
    assign(script, "W", invocation.workingDirectory());
    export(script, "E", early);
    export(script, "L", late);
    export(script, "A", invocation.command());
    script.append("export W; exec </dev/null\nenv -S '-i");
    references(script, "E", early);
    script.append(" setpriv --regid=").append(invocation.gid());
    script.append(
        invocation.groups().isEmpty()
            ? " --clear-groups"
            : invocation.groups().stream()
                .map(String::valueOf)
                .collect(Collectors.joining(",", " --groups=", "")));
    if (invocation.isolation().security() == Security.SANDBOX) {
      script.append(" --inh-caps=-all --bounding-set=").append(CAPABILITIES);
    }
    script.append(" unshare --root=. --wd=\"${W}\" --setuid=").append(invocation.uid());
    script.append(" --");
    if (!late.isEmpty()) {
      script.append(' ').append(env.orElseThrow());
      references(script, "L", late);
    }
    references(script, "A", invocation.command());
    script.append("'\nexit $?\n");
  }

  private static boolean changesPrograms(String name) {
    return name.startsWith("LD_")
        || name.startsWith("MALLOC_")
        || name.equals("GLIBC_TUNABLES")
        || name.equals("GCONV_PATH")
        || name.equals("LOCPATH");
  }

  private static void export(StringBuilder script, String prefix, List<String> values) {
    for (var i = 0; i < values.size(); i++) {
      script.append("export ");
      assign(script, prefix + i, values.get(i));
    }
  }

  private static void references(StringBuilder script, String prefix, List<String> values) {
    for (var i = 0; i < values.size(); i++) {
      script.append(" \"${").append(prefix).append(i).append("}\"");
    }
  }

  private static void assign(StringBuilder script, String name, String value) {
    script.append(name).append('=').append(quoted(value)).append('\n');
  }

  /** In single quotes a shell takes every character but the quote as it is. */
  static String quoted(String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a NUL character in a command or its environment");
    }
    return "'" + value.replace("'", "'\\''") + "'";
  }
}
