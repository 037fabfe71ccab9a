package dev.birgus.cli.doctor;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What /proc tells of this process.
 *
 * @param user effective user id, as we see it
 * @param capabilities names of the effective ones
 * @param filtered whether a seccomp filter decides which system calls it may make
 * @param noNewPrivileges whether it can gain none by running a program
 * @param ids the lines of its user namespace's map: first id here, first id outside, how many
 * @param namespace what became of entering namespaces of our own: {@code mount}, {@code user},
 *     {@code refused}, {@code unwanted} or nothing
 * @param refusal why it was refused; empty if it was not
 */
public record ProcessFacts(
    long user,
    List<String> capabilities,
    boolean filtered,
    boolean noNewPrivileges,
    List<String> ids,
    String namespace,
    String refusal) {

  /** By their numbers: capabilities(7). */
  private static final List<String> CAPABILITIES =
      List.of(
          ("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP"
                  + " LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK"
                  + " IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN"
                  + " SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE"
                  + " AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM"
                  + " BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE")
              .split(" "));

  public ProcessFacts {
    capabilities = List.copyOf(capabilities);
    ids = List.copyOf(ids);
    requireNonNull(namespace, "namespace");
    requireNonNull(refusal, "refusal");
  }

  /**
   * Reads the lines of a status file, proc_pid_status(5), and of a map, user_namespaces(7).
   *
   * @param namespace what became of entering namespaces
   * @param refusal why it was refused
   */
  public static ProcessFacts parse(
      List<String> status, List<String> map, String namespace, String refusal) {
    var fields = new HashMap<String, String>();
    for (var line : status) {
      var colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    return new ProcessFacts(
        effectiveUser(fields),
        names(Long.parseUnsignedLong(fields.getOrDefault("CapEff", "0"), 16)),
        !fields.getOrDefault("Seccomp", "0").equals("0"),
        fields.getOrDefault("NoNewPrivs", "0").equals("1"),
        map.stream().map(line -> String.join(" ", line.strip().split("\\s+"))).toList(),
        namespace,
        refusal);
  }

  private static long effectiveUser(Map<String, String> fields) {
    var ids = fields.getOrDefault("Uid", "").split("\\s+");
    return ids.length < 2 ? -1 : Long.parseLong(ids[1]);
  }

  private static List<String> names(long capabilities) {
    var names = new ArrayList<String>();
    for (var i = 0; i < CAPABILITIES.size(); i++) {
      if ((capabilities >>> i & 1) == 1) {
        names.add(CAPABILITIES.get(i));
      }
    }
    return names;
  }

  /** Whether it has a capability; without {@code CAP_}. */
  public boolean has(String capability) {
    return capabilities.contains(capability);
  }

  /** Whether it is in a user namespace that is not the machine's first. */
  public boolean mapped() {
    return !ids.equals(List.of("0 0 4294967295"));
  }
}
