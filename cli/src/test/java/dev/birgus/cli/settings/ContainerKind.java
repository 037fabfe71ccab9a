package dev.birgus.cli.settings;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a container is given and what is kept from it.
 *
 * @param capabilities all it can have
 * @param filtered whether docker's list of system calls holds for it
 * @param mapped whether it has a user namespace, with 65536 ids that are others outside
 * @param stateOnVolume whether there is a volume for the state folder; else it is in the
 *     container's own root
 */
record ContainerKind(
    Set<String> capabilities, boolean filtered, boolean mapped, boolean stateOnVolume) {

  /** What containerd and docker give a container nobody said anything about. */
  private static final Set<String> USUAL =
      Set.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_MKNOD",
          "CAP_NET_RAW",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETFCAP",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL",
          "CAP_AUDIT_WRITE");

  ContainerKind {
    capabilities = Collections.unmodifiableSet(new TreeSet<>(capabilities));
  }

  /** With the default profile of system calls, as docker and {@code RuntimeDefault} have it. */
  static ContainerKind usual() {
    return new ContainerKind(USUAL, true, false, true);
  }

  /** As a pod that says nothing of seccomp. */
  static ContainerKind unconfined() {
    return new ContainerKind(USUAL, false, false, true);
  }

  /** As a pod with {@code hostUsers: false} and SYS_ADMIN. */
  static ContainerKind withUsersOfItsOwn() {
    var capabilities = new TreeSet<>(USUAL);
    capabilities.add("CAP_SYS_ADMIN");
    return new ContainerKind(capabilities, true, true, true);
  }

  /** The same without a volume. */
  ContainerKind withoutVolume() {
    return new ContainerKind(capabilities, filtered, mapped, false);
  }
}
