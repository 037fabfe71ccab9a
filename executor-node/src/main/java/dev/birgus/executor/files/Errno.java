package dev.birgus.executor.files;

import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Error numbers of Linux, the same on every machine we run on, and the exceptions they become. */
final class Errno {

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int E2BIG = 7;
  static final int ENXIO = 6;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EBUSY = 16;
  static final int EEXIST = 17;
  static final int EXDEV = 18;
  static final int ENODEV = 19;
  static final int ENOTDIR = 20;
  static final int EISDIR = 21;
  static final int EINVAL = 22;
  static final int ENOSPC = 28;
  static final int ERANGE = 34;
  static final int ENOSYS = 38;
  static final int ENOTEMPTY = 39;
  static final int ELOOP = 40;
  static final int EOPNOTSUPP = 95;

  private Errno() {}

  /**
   * The exception for an error.
   *
   * @param result what the call gave: the negative error number
   * @param path as seen in the root
   */
  static FileSystemException exception(long result, String path) {
    var number = (int) -result;
    return switch (number) {
      case ENOENT -> new NoSuchFileException(path, null, "no such file or directory");
      case EEXIST -> new FileAlreadyExistsException(path, null, "exists already");
      case EACCES -> new AccessDeniedException(path, null, "permission denied");
      case EPERM -> new AccessDeniedException(path, null, "operation not permitted");
      case ENOTEMPTY -> new DirectoryNotEmptyException(path);
      case ENOTDIR -> new NotDirectoryException(path);
      default -> new FileSystemException(path, null, reason(number));
    };
  }

  /** The error in words. */
  static String reason(int number) {
    return switch (number) {
      case EPERM -> "Operation not permitted";
      case 5 -> "Input/output error";
      case E2BIG -> "Argument list or value too long";
      case 12 -> "Cannot allocate memory";
      case EACCES -> "Permission denied";
      case EBUSY -> "Device or resource busy";
      case EXDEV -> "Not on the same file system";
      case ENODEV -> "No such device or file system type";
      case EISDIR -> "Is a directory";
      case EINVAL -> "Invalid argument";
      case 23, 24 -> "Too many open files";
      case 26 -> "Text file busy";
      case 27 -> "File too large";
      case ENOSPC -> "No space left on device";
      case 30 -> "Read-only file system";
      case 31 -> "Too many links";
      case ERANGE -> "Value too large for the file system";
      case 36 -> "File name too long";
      case ENOSYS -> "Function not implemented by this kernel";
      case ELOOP -> "Too many levels of symbolic links";
      case EOPNOTSUPP -> "Not supported by the file system";
      case 116 -> "Stale file handle";
      case 122 -> "Disk quota exceeded";
      default -> "error " + number;
    };
  }
}
