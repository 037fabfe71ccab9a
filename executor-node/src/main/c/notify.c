/*
 * Answers system calls of a command that has no /proc, because nothing can be mounted where it runs.
 *
 * The kernel stops a call that takes a path and asks here. A path that leads into /proc or /sys is
 * opened outside of the command's root and given to it as an open file, or as what it wanted to know;
 * every other call goes on as if nobody had asked. What is given is looked up with the file system
 * user and group of the one who asks, so nobody learns here what the kernel would have refused.
 *
 * A path may be changed by another thread after it was read here. Then the call goes on inside the
 * root, or what was read is answered: neither is more than the command can have anyway.
 *
 * Of the processes in /proc only those of the command are there.
 *
 * Limits: the path has to name /proc or /sys itself, or be one of /dev/fd, /dev/stdin, /dev/stdout,
 * /dev/stderr and /etc/mtab. Directories below /proc can be opened, but not be the working directory,
 * and nothing there can be executed.
 */
#include "answers.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/openat2.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

/* As Linux 5.14 has them; headers may be older. */
#ifndef SECCOMP_ADDFD_FLAG_SEND
#define SECCOMP_ADDFD_FLAG_SEND 2
#endif

enum verdict { GOES_ON, ANSWERED };

struct command_root command_root = {.folder = -1};

static uid_t now_uid;
static gid_t now_gid;

void begin_answering(const char *path) {
  char *real = realpath(path, NULL);
  command_root.length =
      (size_t)snprintf(command_root.path, LONGEST, "%s", real != NULL ? real : path);
  free(real);
  command_root.folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (command_root.folder < 0 || command_root.length >= LONGEST) {
    fail("open %s", path);
  }
  now_uid = geteuid();
  now_gid = getegid();
  /*
   * Looking as somebody else must not be helped by groups of ours, nor by a capability that does not
   * go with the file system user: with CAP_SYS_PTRACE anybody would see into all processes.
   */
  if (setgroups(0, NULL) != 0 && getgroups(0, NULL) != 0) {
    fail("setgroups");
  }
  give_up_capabilities();
}

/* From now on files are looked up as this user; capabilities over files come and go with it. */
static void look_as(uid_t uid, gid_t gid) {
  if (gid != now_gid) {
    setfsgid(gid);
    now_gid = gid;
  }
  if (uid != now_uid) {
    setfsuid(uid);
    now_uid = uid;
  }
}

static void meet(pid_t thread, struct caller *caller) {
  char path[64];
  struct stat status;
  caller->thread = thread;
  caller->process = 0;
  caller->memory = -1;
  snprintf(path, sizeof path, "/proc/%d", thread);
  if (stat(path, &status) != 0) {
    return;
  }
  look_as(status.st_uid, status.st_gid);
  snprintf(path, sizeof path, "/proc/%d/mem", thread);
  caller->memory = open(path, O_RDWR | O_CLOEXEC);
}

pid_t process_of(struct caller *caller) {
  if (caller->process != 0) {
    return caller->process;
  }
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", caller->thread);
  FILE *file = fopen(path, "re");
  caller->process = caller->thread;
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (sscanf(line, "Tgid: %d", &caller->process) == 1) {
      break;
    }
  }
  if (file != NULL) {
    fclose(file);
  }
  return caller->process;
}

/* Reads a text from the caller; false if there is none or it is too long. */
static bool read_text(const struct caller *caller, uint64_t address, char *into, size_t room) {
  size_t length = 0;
  while (length < room) {
    /* Not beyond a page: the next one may not be there. */
    size_t part = 256 - (address + length) % 256;
    if (part > room - length) {
      part = room - length;
    }
    ssize_t got = pread(caller->memory, into + length, part, (off_t)(address + length));
    if (got <= 0) {
      return false;
    }
    if (memchr(into + length, 0, (size_t)got) != NULL) {
      return true;
    }
    length += (size_t)got;
  }
  return false;
}

static bool give(const struct caller *caller, uint64_t address, const void *bytes, size_t length) {
  return pwrite(caller->memory, bytes, length, (off_t)address) == (ssize_t)length;
}

static long open_for(struct caller *caller, struct target *target, uint64_t flags) {
  int found = find(caller, target);
  if (found < 0) {
    return -errno;
  }
  bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);
  if (flags & O_PATH) {
    return found;
  }
  if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
    close(found);
    return -EEXIST;
  }
  if (writes && !may_be_written(target)) {
    close(found);
    return -EROFS;
  }
  bool information;
  if (is_mounts(target, &information)) {
    close(found);
    int mounts = open_mounts(information);
    return mounts < 0 ? -errno : mounts;
  }
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", found);
  struct stat status;
  if (fstat(found, &status) == 0 && S_ISLNK(status.st_mode)) {
    close(found);
    return -ELOOP;
  }
  int kept = (int)flags & (O_ACCMODE | O_APPEND | O_NONBLOCK | O_DIRECTORY | O_TRUNC);
  /* We must not wait for the other end of a pipe; the command may, on its own. */
  int opened = open(path, kept | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  int reason = errno;
  close(found);
  if (opened < 0) {
    return -reason;
  }
  if (!(flags & O_NONBLOCK)) {
    fcntl(opened, F_SETFL, fcntl(opened, F_GETFL) & ~O_NONBLOCK);
  }
  return opened;
}

/* A link's text as the command would read it: inside its root. */
static ssize_t read_link(struct caller *caller, struct target *target, char *into, size_t room) {
  bool own = strcmp(target->rest, "self") == 0;
  if (!target->in_sys && (own || strcmp(target->rest, "thread-self") == 0)) {
    pid_t process = process_of(caller);
    return own ? snprintf(into, room, "%d", process)
               : snprintf(into, room, "%d/task/%d", process, caller->thread);
  }
  int found = find(caller, target);
  if (found < 0) {
    return -errno;
  }
  ssize_t length = readlinkat(found, "", into, room - 1);
  int reason = errno;
  close(found);
  if (length < 0) {
    return -reason;
  }
  into[length] = 0;
  if (command_root.length > 1 && strncmp(into, command_root.path, command_root.length) == 0 &&
      (into[command_root.length] == '/' || into[command_root.length] == 0)) {
    length -= (ssize_t)command_root.length;
    memmove(into, into + command_root.length, (size_t)length + 1);
    if (length == 0) {
      into[length++] = '/';
      into[length] = 0;
    }
  }
  return length;
}

/* One call, taken apart. */
struct question {
  enum { OPEN, STATUS, STATUS_X, ACCESS, LINK, FILE_SYSTEM } what;
  uint64_t path;
  uint64_t flags;
  uint64_t buffer;
  uint64_t size; /* of the buffer, or a mask */
};

static bool take_apart(const struct seccomp_data *call, const struct caller *caller,
                       struct question *into) {
  const __u64 *args = call->args;
  switch (call->nr) {
    case SYS_openat: *into = (struct question){OPEN, args[1], args[2], 0, 0}; return true;
    case SYS_openat2: {
      struct open_how how = {0};
      if (pread(caller->memory, &how, sizeof how, (off_t)args[2]) != sizeof how ||
          (how.resolve & (RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_NO_XDEV))) {
        return false;
      }
      *into = (struct question){OPEN, args[1], how.flags, 0, 0};
      return true;
    }
    case SYS_newfstatat:
      *into = (struct question){STATUS, args[1], args[3], args[2], 0};
      return true;
    case SYS_statx:
      *into = (struct question){STATUS_X, args[1], args[2], args[4], args[3]};
      return true;
    case SYS_readlinkat:
      *into = (struct question){LINK, args[1], AT_SYMLINK_NOFOLLOW, args[2], args[3]};
      return true;
    case SYS_faccessat: *into = (struct question){ACCESS, args[1], 0, 0, args[2]}; return true;
    case SYS_faccessat2:
      *into = (struct question){ACCESS, args[1], args[3], 0, args[2]};
      return true;
    case SYS_statfs: *into = (struct question){FILE_SYSTEM, args[0], 0, args[1], 0}; return true;
#ifdef SYS_open
    case SYS_open: *into = (struct question){OPEN, args[0], args[1], 0, 0}; return true;
    case SYS_stat: *into = (struct question){STATUS, args[0], 0, args[1], 0}; return true;
    case SYS_lstat:
      *into = (struct question){STATUS, args[0], AT_SYMLINK_NOFOLLOW, args[1], 0};
      return true;
    case SYS_access: *into = (struct question){ACCESS, args[0], 0, 0, args[1]}; return true;
    case SYS_readlink:
      *into = (struct question){LINK, args[0], AT_SYMLINK_NOFOLLOW, args[1], args[2]};
      return true;
#endif
    default: return false;
  }
}

static bool follows(const struct question *question) {
  return question->what == OPEN ? !(question->flags & O_NOFOLLOW)
                                : !(question->flags & AT_SYMLINK_NOFOLLOW);
}

static long look_at(struct caller *caller, struct target *target, const struct question *question) {
  int found = find(caller, target);
  if (found < 0) {
    return -errno;
  }
  long result = 0;
  bool given = true;
  union {
    char status[256];
    char extended[256];
    struct statfs file_system;
  } answer;
  memset(&answer, 0, sizeof answer);
  switch (question->what) {
    case STATUS:
      result = syscall(SYS_newfstatat, found, "", answer.status, AT_EMPTY_PATH);
      given = result != 0 || give(caller, question->buffer, answer.status, sizeof(struct stat));
      break;
    case STATUS_X:
      result = syscall(
          SYS_statx, found, "", AT_EMPTY_PATH, (unsigned)question->size, answer.extended);
      given = result != 0 || give(caller, question->buffer, answer.extended, 256);
      break;
    case FILE_SYSTEM:
      result = syscall(SYS_fstatfs, found, &answer.file_system);
      given = result != 0 || give(caller, question->buffer, &answer.file_system,
                                  sizeof answer.file_system);
      break;
    case ACCESS: {
      struct stat status;
      if ((question->size & W_OK) && fstat(found, &status) == 0 && !may_be_written(target)) {
        result = -1;
        errno = S_ISDIR(status.st_mode) ? EACCES : EROFS;
      } else {
        char path[64];
        snprintf(path, sizeof path, "/proc/self/fd/%d", found);
        /* By the file system user: AT_EACCESS. */
        result = syscall(SYS_faccessat2, AT_FDCWD, path, (int)question->size & 7, AT_EACCESS);
        if (result != 0 && (errno == ENOSYS || errno == EPERM)) {
          result = 0;
        }
      }
      break;
    }
    case OPEN:
    case LINK: break;
  }
  int reason = errno;
  close(found);
  return result != 0 ? -reason : given ? 0 : -EFAULT;
}

static long give_link(struct caller *caller, struct target *target, const struct question *question) {
  char text[LONGEST];
  ssize_t length = read_link(caller, target, text, sizeof text);
  if (length < 0) {
    return length;
  }
  if ((int64_t)question->size <= 0) {
    return -EINVAL;
  }
  if ((uint64_t)length > question->size) {
    length = (ssize_t)question->size;
  }
  return give(caller, question->buffer, text, (size_t)length) ? length : -EFAULT;
}

/* Gives the file to the caller as the result of its call. */
static bool give_file(int listener, uint64_t id, int file, bool on_exec) {
  struct seccomp_notif_addfd added = {
      .id = id,
      .flags = SECCOMP_ADDFD_FLAG_SEND,
      .srcfd = (uint32_t)file,
      .newfd_flags = on_exec ? O_CLOEXEC : 0};
  int number = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &added);
  if (number >= 0 || errno != EINVAL) {
    return true; /* It has its answer, or is gone. */
  }
  added.flags = 0;
  number = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &added);
  struct seccomp_notif_resp response = {.id = id};
  response.val = number;
  response.error = number < 0 ? -errno : 0;
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
  return true;
}

static enum verdict consider(int listener, struct seccomp_notif *asked, long *result) {
  struct caller caller;
  struct question question;
  struct target target;
  char path[LONGEST];
  enum verdict verdict = GOES_ON;
  meet((pid_t)asked->pid, &caller);
  if (caller.memory >= 0 && take_apart(&asked->data, &caller, &question) &&
      read_text(&caller, question.path, path, sizeof path) &&
      find_target(path, follows(&question), &target) &&
      /* What was read is the caller's only if it is still waiting for us. */
      ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &asked->id) == 0) {
    verdict = ANSWERED;
    if (question.what == OPEN) {
      *result = open_for(&caller, &target, question.flags);
      if (*result >= 0) {
        int file = (int)*result;
        give_file(listener, asked->id, file, question.flags & O_CLOEXEC);
        close(file);
      }
    } else if (question.what == LINK) {
      *result = give_link(&caller, &target, &question);
    } else {
      *result = look_at(&caller, &target, &question);
    }
    if (question.what == OPEN && *result >= 0) {
      *result = INT32_MAX; /* Sent already. */
    }
  }
  if (caller.memory >= 0) {
    close(caller.memory);
  }
  return verdict;
}

void answer(int listener) {
  /* The kernel may have a longer structure than the headers, and wants it to be empty. */
  static union {
    struct seccomp_notif asked;
    char space[1024];
  } notification;
  memset(&notification, 0, sizeof notification);
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notification.asked) != 0) {
    return;
  }
  long result = 0;
  union {
    struct seccomp_notif_resp response;
    char space[1024];
  } reply;
  memset(&reply, 0, sizeof reply);
  reply.response.id = notification.asked.id;
  if (consider(listener, &notification.asked, &result) == GOES_ON) {
    reply.response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  } else if (result == INT32_MAX) {
    return;
  } else if (result < 0) {
    reply.response.error = (int)result;
  } else {
    reply.response.val = result;
  }
  ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply.response);
}
