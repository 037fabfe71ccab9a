package dev.birgus.cli.doctor;

import dev.birgus.executor.run.Rung;
import java.util.ArrayList;
import java.util.List;

/** What to change so that the machine allows more, most of all in the specification of a pod. */
final class Improvements {

  private Improvements() {}

  /**
   * A change.
   *
   * @param gain what it gains
   * @param lines what to write, as it is written; YAML of a pod, or a command
   */
  record Improvement(String gain, List<String> lines) {
    Improvement {
      lines = List.copyOf(lines);
    }
  }

  /** The changes that would help, the one that helps most first. */
  static List<Improvement> of(Diagnosis diagnosis) {
    var result = new ArrayList<Improvement>();
    var process = diagnosis.process();
    if (process.user() != 0) {
      result.add(ordinary(process));
    }
    var rung = diagnosis.ladder().chosen().orElse(Rung.INPLACE);
    if (process.user() == 0 && rung != Rung.NS) {
      result.add(NAMESPACES);
    }
    if (process.user() == 0 && !rung.mounts() && process.filtered()) {
      result.add(SECCOMP);
    }
    if (process.user() == 0 && !process.capabilities().containsAll(NEEDED)) {
      result.add(CAPABILITIES);
    }
    var overlayIsMissing = !diagnosis.storage().way().equals("overlay");
    if (rung.mounts() && overlayIsMissing) {
      result.add(VOLUME);
    }
    return result;
  }

  private static Improvement ordinary(ProcessFacts process) {
    return process.noNewPrivileges()
        ? new Improvement(
            "in a pod: user ids of its own, which RUN needs, for a user that is not root",
            List.of(
                "spec:",
                "  containers:",
                "  - securityContext:",
                "      allowPrivilegeEscalation: true",
                "      runAsUser: 0"))
        : new Improvement(
            "on a machine: user ids of its own, which RUN needs, for a user that is not root",
            List.of(process.refusal()));
  }

  /** Without them not even a package can be installed in a root. */
  private static final List<String> NEEDED =
      List.of("CHOWN", "DAC_OVERRIDE", "FOWNER", "SETUID", "SETGID", "SYS_CHROOT");

  private static final Improvement NAMESPACES =
      new Improvement(
          "in a pod: the top rung, ns, with the least danger for the node",
          List.of(
              "spec:",
              "  hostUsers: false",
              "  containers:",
              "  - securityContext:",
              "      capabilities:",
              "        add: [SYS_ADMIN]"));

  private static final Improvement SECCOMP =
      new Improvement(
          "in a pod: the rung userns, and overlays, without any further capability",
          List.of(
              "spec:",
              "  containers:",
              "  - securityContext:",
              "      seccompProfile:",
              "        type: Unconfined",
              "      appArmorProfile:",
              "        type: Unconfined"));

  private static final Improvement CAPABILITIES =
      new Improvement(
          "in a pod: what every RUN needs that installs something",
          List.of(
              "spec:",
              "  containers:",
              "  - securityContext:",
              "      runAsUser: 0",
              "      capabilities:",
              "        add: [CHOWN, DAC_OVERRIDE, FOWNER, SETUID, SETGID, SYS_CHROOT]"));

  private static final Improvement VOLUME =
      new Improvement(
          "in a pod: overlays in place of copies, by a volume for the state folder",
          List.of(
              "spec:",
              "  containers:",
              "  - volumeMounts:",
              "    - name: birgus",
              "      mountPath: /var/lib/birgus",
              "  volumes:",
              "  - name: birgus",
              "    emptyDir: {}"));
}
