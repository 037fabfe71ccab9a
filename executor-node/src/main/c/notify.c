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
 * Limits: the path has to name /proc or /sys itself, or be one of /dev/fd, /dev/stdin, /dev/stdout,
 * /dev/stderr and /etc/mtab. Directories below /proc can be opened, but not be the working directory,
 * and nothing there can be executed.
 */
#include "nsrun.h"

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

#define LONGEST 4096

/* As Linux 5.14 has them; headers may be older. */
#ifndef SECCOMP_ADDFD_FLAG_SEND
#define SECCOMP_ADDFD_FLAG_SEND 2
#endif

/* Where a path leads: below one of these, with what comes after it; empty for the directory itself. */
struct target {
  bool in_sys;
  bool follow; /* whether a link at the end is meant, or what it leads to */
  char rest[LONGEST];
};

/* The one who asks. */
struct caller {
  pid_t thread;
  pid_t process;
  int memory; /* -1 if it may not be looked into */
};

enum verdict { GOES_ON, ANSWERED };

static char root[LONGEST];
static size_t root_length;
static int root_folder = -1;

static uid_t now_uid;
static gid_t now_gid;

void begin_answering(const char *path) {
  char *real = realpath(path, NULL);
  root_length = (size_t)snprintf(root, sizeof root, "%s", real != NULL ? real : path);
  free(real);
  root_folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (root_folder < 0 || root_length >= sizeof root) {
    fail("open %s", path);
  }
  now_uid = geteuid();
  now_gid = getegid();
  /* Looking as somebody else must not be helped by groups of ours. */
  setgroups(0, NULL);
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

/* The number of its process; a thread only knows its own. */
static pid_t process_of(struct caller *caller) {
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

/* Takes empty, "." and ".." names out of an absolute path, without looking at any file. */
static void normalize(const char *path, char *into) {
  char *end = into;
  while (*path != 0) {
    path += strspn(path, "/");
    size_t length = strcspn(path, "/");
    if (length == 2 && path[0] == '.' && path[1] == '.') {
      while (end > into && *--end != '/') {
      }
    } else if (length > 0 && !(length == 1 && path[0] == '.')) {
      *end++ = '/';
      memcpy(end, path, length);
      end += length;
    }
    path += length;
  }
  *end = 0;
}

static bool begins(const char *path, const char *with, const char **rest) {
  size_t length = strlen(with);
  if (strncmp(path, with, length) != 0 || (path[length] != 0 && path[length] != '/')) {
    return false;
  }
  *rest = path + length + (path[length] == '/');
  return true;
}

/* Links that usually lead into /proc and are there in every root. */
static bool follow_known_link(char *path) {
  static const char *const known[] = {
      "/dev/fd", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/etc/mtab"};
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
    const char *rest;
    if (!begins(path, known[i], &rest)) {
      continue;
    }
    char link[256], led[LONGEST + 512];
    ssize_t length = readlinkat(root_folder, known[i] + 1, link, sizeof link - 1);
    if (length <= 0) {
      return false;
    }
    link[length] = 0;
    /* A relative one begins in the directory of the link, which is at the top. */
    snprintf(led, sizeof led, "%s%s/%s", link[0] == '/' ? "" : "/dir/", link, rest);
    char normal[LONGEST + 512];
    normalize(led, normal);
    snprintf(path, LONGEST, "%s", normal);
    return true;
  }
  return false;
}

/* Where a path of the caller leads, if that is into /proc or /sys. */
static bool find_target(const char *path, bool follow, struct target *target) {
  if (path[0] != '/') {
    return false;
  }
  char normal[LONGEST];
  normalize(path, normal);
  const char *rest;
  /* A slash at the end means the directory, and not a link to it. */
  follow = follow || path[strlen(path) - 1] == '/';
  bool is_link = strncmp(normal, "/dev/", 5) == 0 || strncmp(normal, "/etc/m", 6) == 0;
  if (is_link && (follow || strchr(normal + 5, '/') != NULL)) {
    follow_known_link(normal);
  }
  if (begins(normal, "/proc", &rest)) {
    target->in_sys = false;
  } else if (begins(normal, "/sys", &rest)) {
    target->in_sys = true;
  } else {
    return false;
  }
  target->follow = follow;
  snprintf(target->rest, sizeof target->rest, "%s", rest);
  return true;
}

/*
 * "self" and its like mean the one who asks, and not us. Without following, the last name is the
 * link itself: it is not in here then.
 */
static void name_caller(struct caller *caller, bool follow, char *rest) {
  static const char *const own[] = {"self", "thread-self", "mounts", "net"};
  for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
    const char *after;
    if (!begins(rest, own[i], &after) || (*after == 0 && !follow)) {
      continue;
    }
    char named[LONGEST];
    pid_t process = process_of(caller);
    switch (i) {
      case 0: snprintf(named, sizeof named, "%d/%s", process, after); break;
      case 1:
        snprintf(named, sizeof named, "%d/task/%d/%s", process, caller->thread, after);
        break;
      default: snprintf(named, sizeof named, "%d/%s/%s", process, own[i], after);
    }
    size_t length = strlen(named);
    if (length > 0 && named[length - 1] == '/') {
      named[length - 1] = 0;
    }
    snprintf(rest, LONGEST, "%s", named);
    return;
  }
}

/* What tells of the node, or would change it, is not there; containers have it so. */
static bool is_hidden(const struct target *target) {
  static const char *const in_proc[] = {"acpi",        "asound", "interrupts", "kcore",
                                        "keys",        "kmsg",   "scsi",       "latency_stats",
                                        "sched_debug", "timer_list", "timer_stats"};
  const char *rest;
  if (target->in_sys) {
    return begins(target->rest, "firmware", &rest) ||
           begins(target->rest, "devices/virtual/powercap", &rest);
  }
  for (size_t i = 0; i < sizeof in_proc / sizeof in_proc[0]; i++) {
    if (begins(target->rest, in_proc[i], &rest)) {
      return true;
    }
  }
  return false;
}

/* Only what belongs to a process may be written to. */
static bool may_be_written(const struct target *target) {
  return !target->in_sys && target->rest[0] >= '0' && target->rest[0] <= '9';
}

static int open_beneath(int folder, const char *path, unsigned long long resolve) {
  struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = resolve};
  return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

/*
 * Behind a magic link (cwd, root, fd/3) with something after it one is back in the command's root:
 * links there begin at its /, not at ours.
 */
static int open_behind_link(char *path, size_t link_length, const char *rest) {
  char place[LONGEST];
  char kept = path[link_length];
  path[link_length] = 0;
  ssize_t length = readlink(path, place, sizeof place - 1);
  path[link_length] = kept;
  if (length < 0) {
    return -1;
  }
  place[length] = 0;
  if (strncmp(place, root, root_length) != 0 ||
      (place[root_length] != '/' && place[root_length] != 0)) {
    errno = ENOENT;
    return -1;
  }
  char whole[2 * LONGEST];
  snprintf(whole, sizeof whole, "./%s/%s", place + root_length, rest);
  return open_beneath(root_folder, whole, RESOLVE_IN_ROOT);
}

/* The length of a path up to the end of its first magic link, or 0. */
static size_t magic_link(const char *path) {
  static const char *const links[] = {"/cwd", "/root", "/exe"};
  for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
    const char *found = strstr(path, links[i]);
    if (found != NULL && found[strlen(links[i])] == '/') {
      return (size_t)(found - path) + strlen(links[i]);
    }
  }
  const char *file = strstr(path, "/fd/");
  const char *end = file != NULL ? strchr(file + 4, '/') : NULL;
  return end != NULL ? (size_t)(end - path) : 0;
}

/* Finds what is there, as a file that only names it. */
static int find(struct caller *caller, struct target *target) {
  if (!target->in_sys) {
    name_caller(caller, target->follow, target->rest);
  }
  if (is_hidden(target)) {
    errno = ENOENT;
    return -1;
  }
  char path[LONGEST + 8];
  snprintf(path, sizeof path, "%s/%s", target->in_sys ? "/sys" : "/proc", target->rest);
  size_t link = target->in_sys ? 0 : magic_link(path);
  if (link > 0) {
    return open_behind_link(path, link, path + link + 1);
  }
  return open(path, O_PATH | O_CLOEXEC | (target->follow ? 0 : O_NOFOLLOW));
}

/* What the mount of the root is: its device, and from the type on what mountinfo has of it. */
static void find_root_mount(char device[32], char type[256]) {
  char path[64], line[LONGEST * 2];
  int id = -1;
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", root_folder);
  FILE *file = fopen(path, "re");
  while (file != NULL && id < 0 && fgets(line, sizeof line, file) != NULL) {
    sscanf(line, "mnt_id: %d", &id);
  }
  if (file != NULL) {
    fclose(file);
  }
  snprintf(device, 32, "0:1");
  snprintf(type, 256, "none none rw");
  file = fopen("/proc/self/mountinfo", "re");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    char *after = strstr(line, " - ");
    if (atoi(line) == id && after != NULL) {
      sscanf(line, "%*d %*d %31s", device);
      sscanf(after, " - %255[^\n]", type);
      break;
    }
  }
  if (file != NULL) {
    fclose(file);
  }
}

/* Where control groups are, by which programs find out how much memory they may use. */
static void add_mounts_below_sys(FILE *text, bool information) {
  char line[LONGEST * 2], place[LONGEST], options[256], type[512];
  FILE *file = fopen("/proc/self/mountinfo", "re");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    char *after = strstr(line, " - ");
    if (after == NULL || sscanf(line, "%*d %*d %*s %*s %4095s %255s", place, options) != 2 ||
        strncmp(place, "/sys/", 5) != 0 || sscanf(after, " - %511[^\n]", type) != 1) {
      continue;
    }
    if (information) {
      fputs(line, text);
    } else {
      char kind[128] = "", source[256] = "";
      sscanf(type, "%127s %255s", kind, source);
      fprintf(text, "%s %s %s %s 0 0\n", source, place, kind, options);
    }
  }
  if (file != NULL) {
    fclose(file);
  }
}

/*
 * The kernel shows a process only the mounts below its root, and none is. A program that asks whether
 * /proc is mounted, or what / is, is told of these.
 */
static int open_mounts(bool information) {
  int written = (int)syscall(SYS_memfd_create, "mounts", 1u /* MFD_CLOEXEC */);
  FILE *text = written < 0 ? NULL : fdopen(written, "w");
  if (text == NULL) {
    return -1;
  }
  char device[32], type[256], kind[128] = "none", source[128] = "none";
  find_root_mount(device, type);
  sscanf(type, "%127s %127s", kind, source);
  if (information) {
    fprintf(text, "1 0 %s / / rw,relatime - %s\n", device, type);
    fputs("2 1 0:2 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw\n", text);
    fputs("3 1 0:3 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro\n", text);
  } else {
    fprintf(text, "%s / %s rw,relatime 0 0\n", source, kind);
    fputs("proc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n", text);
    fputs("sysfs /sys sysfs ro,nosuid,nodev,noexec,relatime 0 0\n", text);
  }
  add_mounts_below_sys(text, information);
  fflush(text);
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", written);
  int opened = open(path, O_RDONLY | O_CLOEXEC);
  int reason = errno;
  fclose(text);
  errno = reason;
  return opened;
}

/* Whether it is the list of mounts of a process, in either form. */
static bool is_mounts(const struct target *target, bool *information) {
  const char *name = strrchr(target->rest, '/');
  if (target->in_sys || name == NULL || target->rest[0] < '0' || target->rest[0] > '9') {
    return false;
  }
  *information = strcmp(name, "/mountinfo") == 0;
  return *information || strcmp(name, "/mounts") == 0;
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
  if (root_length > 1 && strncmp(into, root, root_length) == 0 &&
      (into[root_length] == '/' || into[root_length] == 0)) {
    length -= (ssize_t)root_length;
    memmove(into, into + root_length, (size_t)length + 1);
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
