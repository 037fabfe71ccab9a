package dev.birgus.executor.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The numbers of the system calls we make. They differ between machines up to number 424 and are
 * the same everywhere from there on.
 */
final class SystemCalls {

  private static final boolean ARM = isArm();

  static final long READ = pick(0, 63);
  static final long WRITE = pick(1, 64);
  static final long CLOSE = pick(3, 57);
  static final long LSEEK = pick(8, 62);
  static final long IOCTL = pick(16, 29);
  static final long SOCKET = pick(41, 198);
  static final long EXECVE = pick(59, 221);
  static final long FLOCK = pick(73, 32);
  static final long FTRUNCATE = pick(77, 46);
  static final long CHDIR = pick(80, 49);
  static final long GETDENTS64 = pick(217, 61);
  static final long PRCTL = pick(157, 167);
  static final long MOUNT = pick(165, 40);
  static final long UMOUNT2 = pick(166, 39);
  static final long OPENAT = pick(257, 56);
  static final long MKDIRAT = pick(258, 34);
  static final long MKNODAT = pick(259, 33);
  static final long FCHOWNAT = pick(260, 54);
  static final long UNLINKAT = pick(263, 35);
  static final long LINKAT = pick(265, 37);
  static final long SYMLINKAT = pick(266, 36);
  static final long READLINKAT = pick(267, 78);
  static final long FCHMODAT = pick(268, 53);
  static final long UTIMENSAT = pick(280, 88);
  static final long SETXATTR = pick(188, 5);
  static final long GETXATTR = pick(191, 8);
  static final long LISTXATTR = pick(194, 11);
  static final long REMOVEXATTR = pick(197, 14);
  static final long UNSHARE = pick(272, 97);
  static final long RENAMEAT2 = pick(316, 276);
  static final long COPY_FILE_RANGE = pick(326, 285);
  static final long STATX = pick(332, 291);
  static final long OPENAT2 = 437;

  private SystemCalls() {}

  /** Whether this is an aarch64; it is an x86_64 otherwise. */
  static boolean onArm() {
    return ARM;
  }

  private static long pick(long intel, long arm) {
    return ARM ? arm : intel;
  }

  /** Asks the header of the running program: its machine is the one whose numbers hold. */
  private static boolean isArm() {
    var header = new byte[20];
    try (var program = Files.newInputStream(Path.of("/proc/self/exe"))) {
      if (program.readNBytes(header, 0, header.length) < header.length) {
        throw new IllegalStateException("/proc/self/exe is no program");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("/proc must be mounted: /proc/self/exe cannot be read", e);
    }
    var machine = (header[18] & 0xff) | (header[19] & 0xff) << 8;
    return switch (machine) {
      case 62 -> false;
      case 183 -> true;
      default ->
          throw new IllegalStateException("neither x86_64 nor aarch64: ELF machine " + machine);
    };
  }
}
