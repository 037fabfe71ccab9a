package dev.birgus.executor.files;

/**
 * What other processes may learn of this one. Secrets come in its environment and go through its
 * memory, and a command that runs without a process namespace has the same user and often the same
 * capabilities.
 */
public final class OwnProcess {

  private static final int PR_GET_DUMPABLE = 3;
  private static final int PR_SET_DUMPABLE = 4;

  private OwnProcess() {}

  /**
   * Closes environment, memory, open files and root of this process to all that lack
   * CAP_SYS_PTRACE, also to those of the same user, for the rest of its life: ptrace(2), proc(5).
   * Programs it starts are not concerned. Debuggers and {@code jcmd} of the same user get no access
   * any more either.
   */
  public static void close() {
    Linux.control(PR_SET_DUMPABLE, 0);
  }

  static boolean isClosed() {
    return Linux.control(PR_GET_DUMPABLE, 0) == 0;
  }
}
