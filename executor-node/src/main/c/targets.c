/*
 * Where the paths lead that a command without /proc uses, and what is found there. The file that is found
 * is looked up as whoever this process currently looks as.
 */
#include "answers.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How often to look again for an ancestor that has just ended. */
#define ATTEMPTS 3

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
    ssize_t length = readlinkat(command_root.folder, known[i] + 1, link, sizeof link - 1);
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

bool find_target(const char *path, bool follow, struct target *target) {
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

bool may_be_written(const struct target *target) {
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
  if (strncmp(place, command_root.path, command_root.length) != 0 ||
      (place[command_root.length] != '/' && place[command_root.length] != 0)) {
    errno = ENOENT;
    return -1;
  }
  char whole[2 * LONGEST];
  snprintf(whole, sizeof whole, "./%s/%s", place + command_root.length, rest);
  return open_beneath(command_root.folder, whole, RESOLVE_IN_ROOT);
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

/*
 * Whether the path is of a process of the command, or of none. Others are not there for it: the
 * node's, with its environment, its files and its root. All of the command's descend from us, also
 * those that have lost their parents.
 */
static bool is_of_command(struct caller *caller, const char *rest) {
  if (*rest < '0' || *rest > '9') {
    return true;
  }
  pid_t process = (pid_t)strtol(rest, NULL, 10);
  if (process == caller->thread || process == process_of(caller)) {
    return true;
  }
  for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
    pid_t each = process;
    while (each > 1 && (each = parent_of(each)) != getpid()) {
    }
    if (each != 0) {
      return each == getpid();
    }
    /* One of its ancestors has ended meanwhile, and it has another one now; or it has itself. */
  }
  return false;
}

int find(struct caller *caller, struct target *target) {
  if (!target->in_sys) {
    name_caller(caller, target->follow, target->rest);
    if (!is_of_command(caller, target->rest)) {
      errno = ENOENT;
      return -1;
    }
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
