package dev.birgus.executor.files;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * Linux system calls. Every call gives its result, or the negative error number; no call throws.
 *
 * <p>All go through libc's {@code syscall}, so that one downcall handle serves them all: making a
 * handle is what costs at start.
 */
final class Linux {

  static final int AT_FDCWD = -100;
  static final int AT_EMPTY_PATH = 0x1000;
  static final int AT_REMOVEDIR = 0x200;
  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x200000;
  // These two differ on aarch64.
  static final int O_DIRECTORY = SystemCalls.OPENAT == 56 ? 0x4000 : 0x10000;
  static final int O_NOFOLLOW = SystemCalls.OPENAT == 56 ? 0x8000 : 0x20000;

  private static final long RESOLVE_NO_MAGICLINKS = 0x02;
  private static final long RESOLVE_NO_SYMLINKS = 0x04;
  private static final long RESOLVE_IN_ROOT = 0x10;
  private static final long FICLONE = 0x40049409L;
  private static final long SIOCSIFFLAGS = 0x8914;
  private static final int STATX_BASIC = 0x7ff;
  private static final int STATX_BORN = 0xfff;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_NO_AUTOMOUNT = 0x800;
  private static final int STATX_FLAGS = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT;
  private static final int ATTEMPTS = 1000;

  private static final byte[] NONE = new byte[0];
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle SYSCALL = link();

  private Linux() {}

  @SuppressWarnings("restricted")
  private static MethodHandle link() {
    var linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.captureCallState("errno"));
  }

  private static long call(Scratch s, long number, long a, long b, long c, long d) {
    return call(s, number, new Arguments(a, b, c, d, 0, 0));
  }

  private record Arguments(long a, long b, long c, long d, long e, long f) {}

  private static long call(Scratch s, long number, Arguments x) {
    try {
      var result = (long) SYSCALL.invokeExact(s.errno, number, x.a, x.b, x.c, x.d, x.e, x.f);
      return result == -1 ? -(int) ERRNO.get(s.errno, 0L) : result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new AssertionError("a system call throws nothing checked", impossible);
    }
  }

  /** Opens below a root: no link and no {@code ..} leads out of it. */
  static int openInRoot(int root, byte[] path, int flags) {
    return openBelow(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
  }

  /** Opens below a root, failing with ELOOP where there is any symbolic link on the way. */
  static int openWithoutLinks(int root, byte[] path, int flags) {
    return openBelow(root, path, flags, RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
  }

  private static int openBelow(int root, byte[] path, int flags, long resolve) {
    var s = Scratch.get();
    var name = Scratch.put(s.first, path.length == 0 ? new byte[] {'.'} : path);
    s.struct.set(JAVA_LONG, 0, flags | O_CLOEXEC);
    s.struct.set(JAVA_LONG, 8, (flags & O_CREAT) == 0 ? 0 : 0600);
    s.struct.set(JAVA_LONG, 16, resolve);
    var result = call(s, SystemCalls.OPENAT2, root, name, s.struct.address(), 24);
    // The kernel gives up when something is renamed while it follows "..": it means try again.
    for (var i = 0; i < ATTEMPTS && (result == -Errno.EAGAIN || result == -Errno.EINTR); i++) {
      result = call(s, SystemCalls.OPENAT2, root, name, s.struct.address(), 24);
    }
    return (int) result;
  }

  /** Opens as openat(2) does, from a directory; for names that are known to be no foreign path. */
  static int open(int directory, byte[] path, int flags) {
    var s = Scratch.get();
    return (int)
        call(s, SystemCalls.OPENAT, directory, Scratch.put(s.first, path), flags | O_CLOEXEC, 0600);
  }

  /** Becomes another program; returns only if that fails. All three end with a zero. */
  static int execute(MemorySegment path, MemorySegment arguments, MemorySegment environment) {
    return (int)
        call(
            Scratch.get(),
            SystemCalls.EXECVE,
            path.address(),
            arguments.address(),
            environment.address(),
            0);
  }

  static void close(int fd) {
    if (fd >= 0) {
      call(Scratch.get(), SystemCalls.CLOSE, fd, 0, 0, 0);
    }
  }

  /** What statx(2) says. */
  record Stat(
      int mode,
      long uid,
      long gid,
      long inode,
      long size,
      long blocks,
      long seconds,
      int nanoseconds,
      long links,
      long device,
      int major,
      int minor) {}

  /** Asks for the file behind a descriptor; an error number comes in the mode, negative. */
  static Stat stat(int fd) {
    var s = Scratch.get();
    var name = Scratch.put(s.first, NONE);
    var result =
        call(
            s,
            SystemCalls.STATX,
            new Arguments(fd, name, AT_EMPTY_PATH, STATX_BASIC, s.struct.address(), 0));
    var x = s.struct;
    return new Stat(
        result < 0 ? (int) result : x.get(JAVA_SHORT, 28) & 0xffff,
        x.get(JAVA_INT, 20) & 0xffffffffL,
        x.get(JAVA_INT, 24) & 0xffffffffL,
        x.get(JAVA_LONG, 32),
        x.get(JAVA_LONG, 40),
        x.get(JAVA_LONG, 48),
        x.get(JAVA_LONG, 112),
        x.get(JAVA_INT, 120),
        x.get(JAVA_INT, 16) & 0xffffffffL,
        ((long) x.get(JAVA_INT, 136) << 32) | (x.get(JAVA_INT, 140) & 0xffffffffL),
        x.get(JAVA_INT, 128),
        x.get(JAVA_INT, 132));
  }

  /**
   * Asks for a file by its name in a directory, links as themselves; the answer is as struct statx.
   */
  static int statAt(int directory, long name, MemorySegment answer) {
    var s = Scratch.get();
    return (int)
        call(
            s,
            SystemCalls.STATX,
            new Arguments(directory, name, STATX_FLAGS, STATX_BORN, answer.address(), 0));
  }

  /** Reads the next records of an open directory to an address; 0 at its end. */
  static int readDirectory(int fd, long address, int room) {
    return (int) call(Scratch.get(), SystemCalls.GETDENTS64, fd, address, room, 0);
  }

  /** Opens a directory by its name in another one; no link is followed. */
  static int openDirectoryAt(int directory, long name) {
    var flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    return (int) call(Scratch.get(), SystemCalls.OPENAT, directory, name, flags, 0);
  }

  /** Adds the next names of an open directory; 0 at its end. */
  static int readDirectory(int fd, List<byte[]> names) {
    var s = Scratch.get();
    var filled = call(s, SystemCalls.GETDENTS64, fd, s.data.address(), Scratch.DATA, 0);
    for (long at = 0; at < filled; ) {
      var record = s.data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16) & 0xffff;
      var end = at + 19;
      while (s.data.get(JAVA_BYTE, end) != 0) {
        end++;
      }
      var name = s.data.asSlice(at + 19, end - at - 19).toArray(JAVA_BYTE);
      if (!isDots(name)) {
        names.add(name);
      }
      at += record;
    }
    return (int) filled;
  }

  private static boolean isDots(byte[] name) {
    return name[0] == '.' && (name.length == 1 || (name.length == 2 && name[1] == '.'));
  }

  /** The text of a link opened with O_PATH; empty for anything else. */
  static byte[] readLink(int fd) {
    var s = Scratch.get();
    var name = Scratch.put(s.first, NONE);
    var size = call(s, SystemCalls.READLINKAT, fd, name, s.data.address(), Scratch.DATA);
    return size <= 0 ? NONE : s.data.asSlice(0, size).toArray(JAVA_BYTE);
  }

  static int unlink(int directory, byte[] name, boolean isDirectory) {
    var s = Scratch.get();
    var flags = isDirectory ? AT_REMOVEDIR : 0;
    return (int) call(s, SystemCalls.UNLINKAT, directory, Scratch.put(s.first, name), flags, 0);
  }

  static int makeDirectory(int directory, byte[] name, int mode) {
    var s = Scratch.get();
    return (int) call(s, SystemCalls.MKDIRAT, directory, Scratch.put(s.first, name), mode, 0);
  }

  static int makeSymlink(byte[] target, int directory, byte[] name) {
    var s = Scratch.get();
    var text = Scratch.put(s.second, target);
    return (int) call(s, SystemCalls.SYMLINKAT, text, directory, Scratch.put(s.first, name), 0);
  }

  static int makeNode(int directory, byte[] name, int mode, int major, int minor) {
    var s = Scratch.get();
    var device = (minor & 0xffL) | ((major & 0xfffL) << 8) | ((minor & ~0xffL & 0xffffffffL) << 12);
    return (int) call(s, SystemCalls.MKNODAT, directory, Scratch.put(s.first, name), mode, device);
  }

  /** Makes another name; a link in either last name is not followed. */
  static int makeHardLink(int fromDirectory, byte[] from, int directory, byte[] name) {
    var s = Scratch.get();
    return (int)
        call(
            s,
            SystemCalls.LINKAT,
            fromDirectory,
            Scratch.put(s.first, from),
            directory,
            Scratch.put(s.second, name));
  }

  static int rename(int fromDirectory, byte[] from, int directory, byte[] name) {
    var s = Scratch.get();
    return (int)
        call(
            s,
            SystemCalls.RENAMEAT2,
            fromDirectory,
            Scratch.put(s.first, from),
            directory,
            Scratch.put(s.second, name));
  }

  /** Changes the owner of what is open; links are open as themselves. */
  static int changeOwner(int fd, long uid, long gid) {
    var s = Scratch.get();
    var name = Scratch.put(s.first, NONE);
    return (int) call(s, SystemCalls.FCHOWNAT, new Arguments(fd, name, uid, gid, AT_EMPTY_PATH, 0));
  }

  /** Changes the mode of what is open, even with O_PATH, which fchmod(2) refuses. */
  static int changeMode(int fd, int mode) {
    var s = Scratch.get();
    return (int) call(s, SystemCalls.FCHMODAT, AT_FDCWD, Scratch.put(s.first, byFd(fd)), mode, 0);
  }

  static int changeModeOf(int directory, byte[] name, int mode) {
    var s = Scratch.get();
    return (int) call(s, SystemCalls.FCHMODAT, directory, Scratch.put(s.first, name), mode, 0);
  }

  /** Sets the time of change of the content, and the one of access to the same. */
  static int changeTime(int fd, long nanoseconds) {
    var s = Scratch.get();
    var seconds = Math.floorDiv(nanoseconds, 1_000_000_000L);
    var rest = Math.floorMod(nanoseconds, 1_000_000_000L);
    s.struct.set(JAVA_LONG, 0, seconds);
    s.struct.set(JAVA_LONG, 8, rest);
    s.struct.set(JAVA_LONG, 16, seconds);
    s.struct.set(JAVA_LONG, 24, rest);
    var name = Scratch.put(s.first, NONE);
    return (int) call(s, SystemCalls.UTIMENSAT, fd, name, s.struct.address(), AT_EMPTY_PATH);
  }

  /** Where an open file is reached by path whatever it was opened for, links as themselves. */
  static byte[] byFd(int fd) {
    return FileNames.encode("/proc/self/fd/" + fd);
  }

  static int setXattr(int fd, byte[] name, byte[] value) {
    var s = Scratch.get();
    if (value.length > Scratch.DATA) {
      return -Errno.E2BIG;
    }
    MemorySegment.copy(value, 0, s.data, JAVA_BYTE, 0, value.length);
    var path = Scratch.put(s.first, byFd(fd));
    return (int)
        call(
            s,
            SystemCalls.SETXATTR,
            new Arguments(path, Scratch.put(s.second, name), s.data.address(), value.length, 0, 0));
  }

  static int removeXattr(int fd, byte[] name) {
    var s = Scratch.get();
    var path = Scratch.put(s.first, byFd(fd));
    return (int) call(s, SystemCalls.REMOVEXATTR, path, Scratch.put(s.second, name), 0, 0);
  }

  /** The value of an attribute, nothing if it may not be had. */
  static byte @org.jspecify.annotations.Nullable [] xattr(int fd, byte[] name) {
    var s = Scratch.get();
    var path = Scratch.put(s.first, byFd(fd));
    var size =
        call(
            s,
            SystemCalls.GETXATTR,
            path,
            Scratch.put(s.second, name),
            s.data.address(),
            Scratch.DATA);
    return size < 0 ? null : s.data.asSlice(0, size).toArray(JAVA_BYTE);
  }

  /** The names of the attributes, each ended by a zero. */
  static byte[] xattrNames(int fd) {
    var s = Scratch.get();
    var path = Scratch.put(s.first, byFd(fd));
    var size = call(s, SystemCalls.LISTXATTR, path, s.data.address(), Scratch.DATA, 0);
    return size <= 0 ? NONE : s.data.asSlice(0, size).toArray(JAVA_BYTE);
  }

  static int read(int fd, byte[] bytes, int offset, int length) {
    var s = Scratch.get();
    long read;
    do {
      read = call(s, SystemCalls.READ, fd, s.data.address(), Math.min(length, Scratch.DATA), 0);
    } while (read == -Errno.EINTR);
    if (read > 0) {
      MemorySegment.copy(s.data, JAVA_BYTE, 0, bytes, offset, (int) read);
    }
    return (int) read;
  }

  static int write(int fd, byte[] bytes, int offset, int length) {
    var s = Scratch.get();
    var size = Math.min(length, Scratch.DATA);
    MemorySegment.copy(bytes, offset, s.data, JAVA_BYTE, 0, size);
    long written;
    do {
      written = call(s, SystemCalls.WRITE, fd, s.data.address(), size, 0);
    } while (written == -Errno.EINTR);
    return (int) written;
  }

  static long seek(int fd, long offset, int whence) {
    return call(Scratch.get(), SystemCalls.LSEEK, fd, offset, whence, 0);
  }

  static int truncate(int fd, long size) {
    return (int) call(Scratch.get(), SystemCalls.FTRUNCATE, fd, size, 0, 0);
  }

  /** Makes one file share the other's blocks. */
  static int cloneFile(int from, int to) {
    return (int) call(Scratch.get(), SystemCalls.IOCTL, to, FICLONE, from, 0);
  }

  /** Copies from the one file's position to the other's, inside the kernel. */
  static long copyRange(int from, int to, long length) {
    var s = Scratch.get();
    long copied;
    do {
      copied = call(s, SystemCalls.COPY_FILE_RANGE, new Arguments(from, 0, to, 0, length, 0));
    } while (copied == -Errno.EINTR);
    return copied;
  }

  /** Mounts; the options may take up to a page. */
  static int mount(String source, byte[] target, String type, long flags, byte[] options) {
    var s = Scratch.get();
    var size = Math.min(options.length, 4096);
    MemorySegment.copy(options, 0, s.data, JAVA_BYTE, 0, size);
    s.data.set(JAVA_BYTE, size, (byte) 0);
    var typeAt = s.data.asSlice(8192, 64);
    return (int)
        call(
            s,
            SystemCalls.MOUNT,
            new Arguments(
                Scratch.put(s.first, FileNames.encode(source)),
                Scratch.put(s.second, target),
                putShort(typeAt, type),
                flags,
                s.data.address(),
                0));
  }

  private static long putShort(MemorySegment room, String text) {
    room.setString(0, text);
    return room.address();
  }

  static int unmount(byte[] target, int flags) {
    var s = Scratch.get();
    return (int) call(s, SystemCalls.UMOUNT2, Scratch.put(s.first, target), flags, 0, 0);
  }

  /** Takes or gives up the lock of an open file, without waiting. */
  static int lock(int fd, int operation) {
    return (int) call(Scratch.get(), SystemCalls.FLOCK, fd, operation, 0, 0);
  }

  /** Asks or sets something of this process, as prctl(2) has it. */
  static int control(int option, int value) {
    return (int) call(Scratch.get(), SystemCalls.PRCTL, option, value, 0, 0);
  }

  /** Moves the calling thread into new namespaces. */
  static int unshare(int flags) {
    return (int) call(Scratch.get(), SystemCalls.UNSHARE, flags, 0, 0, 0);
  }

  /** Changes the working directory: of the calling thread alone if that is unshared. */
  static int changeDirectory(byte[] path) {
    var s = Scratch.get();
    return (int) call(s, SystemCalls.CHDIR, Scratch.put(s.first, path), 0, 0, 0);
  }

  static int socket(int family, int type) {
    return (int) call(Scratch.get(), SystemCalls.SOCKET, family, type, 0, 0);
  }

  /** Sets the flags of a network interface, through any socket (netdevice(7)). */
  static int setInterfaceFlags(int socket, String name, short flags) {
    var s = Scratch.get();
    s.struct.asSlice(0, 40).fill((byte) 0);
    s.struct.setString(0, name);
    s.struct.set(JAVA_SHORT, 16, flags);
    return (int) call(s, SystemCalls.IOCTL, socket, SIOCSIFFLAGS, s.struct.address(), 0);
  }
}
