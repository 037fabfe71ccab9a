package dev.birgus.executor.run;

import java.util.List;
import java.util.Optional;

/**
 * How far a command is kept apart from the node, from the most to the least. A machine allows some
 * of them; which ones is only known by trying.
 */
public enum Rung {

  /** Namespaces for mounts, processes, ipc and names; a new /proc, a /dev of its own. */
  NS("ns"),

  /**
   * A user namespace with the same ids and a namespace for mounts; /proc is the node's. It asks for
   * no capability the node does not usually have.
   */
  USERNS("userns"),

  /**
   * Another root directory, and a supervisor that answers what the command asks of /proc, for
   * machines where nothing can be mounted.
   */
  CHROOT_NOTIFY("chroot-notify"),

  /** Another root directory, without /proc. */
  CHROOT("chroot"),

  /** The node's own root, emptied and filled anew for each stage. Never chosen by itself. */
  INPLACE("inplace");

  private final String label;

  Rung(String label) {
    this.label = label;
  }

  /** What it is called on the command line and in reports. */
  public String label() {
    return label;
  }

  /** The rung of this name, in lower case as {@link #label()} has it. */
  public static Optional<Rung> named(String label) {
    for (var rung : values()) {
      if (rung.label.equals(label)) {
        return Optional.of(rung);
      }
    }
    return Optional.empty();
  }

  /** Those that are tried, in this order, where none is asked for. */
  public static List<Rung> automatic() {
    return List.of(NS, USERNS, CHROOT_NOTIFY, CHROOT);
  }

  /**
   * Whether commands on it can have something mounted. Where they cannot, the root has to be a
   * plain directory tree, in which what a command needs is made for the time it runs.
   */
  public boolean mounts() {
    return switch (this) {
      case NS, USERNS -> true;
      case CHROOT_NOTIFY, CHROOT, INPLACE -> false;
    };
  }

  /** What to change, in the specification of a pod say, so that it works. */
  public String advice() {
    return switch (this) {
      case NS ->
          "run birgus as root with CAP_SYS_ADMIN: hostUsers: false and capabilities.add:"
              + " [SYS_ADMIN] in a pod, or a privileged container";
      case USERNS ->
          "let root of the container make user namespaces: seccompProfile.type: Unconfined, no"
              + " AppArmor profile, and user.max_user_namespaces above 0 on the node";
      case CHROOT_NOTIFY ->
          "run birgus as root with CAP_SYS_CHROOT, CAP_MKNOD, CAP_SETUID, CAP_SETGID and CAP_CHOWN,"
              + " which containers have by default, on Linux 5.9 or later";
      case CHROOT ->
          "run birgus as root with CAP_SYS_CHROOT, CAP_MKNOD, CAP_SETUID, CAP_SETGID and CAP_CHOWN,"
              + " which containers have by default";
      case INPLACE ->
          "use another rung; or run a birgus that brings its own libraries (infra/deploy/home.sh) in"
              + " a container of its own, with BIRGUS_EXPENDABLE_ROOT=yes or --force";
    };
  }
}
