/*
 * Starts a program, the node's JVM, where it may mount: in a user namespace and a mount namespace of
 * its own. The program takes the place of this process, so signals and exit code are its own.
 *
 * Root without the capability to mount gets all its ids mapped to themselves. An ordinary user becomes
 * root and gets the ids /etc/subuid and /etc/subgid give it, through newuidmap and newgidmap.
 */
#include "nsrun.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Exit codes of a probe. */
#define MAY_MOUNT 0
#define NOT_POSSIBLE 1
#define SAME_IDS 10
#define SUBORDINATE_IDS 11

static bool may_mount(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2] = {{0}};
  return syscall(SYS_capget, &header, sets) == 0 &&
         (sets[0].effective & (1u << CAP_SYS_ADMIN)) != 0;
}

/* On standard error here: standard output is the program's. */
_Noreturn static void impossible(const char *what) {
  dprintf(STDERR_FILENO, "birgus: %s: %s (%s)\n", what, strerror(errno), error_name(errno));
  _exit(NOT_POSSIBLE);
}

_Noreturn static void impossible_because(const char *why) {
  dprintf(STDERR_FILENO, "birgus: %s\n", why);
  _exit(NOT_POSSIBLE);
}

/* The name of a user, without the libraries that a static program has not got. */
static bool user_name(uid_t uid, char *into, size_t size) {
  FILE *file = fopen("/etc/passwd", "re");
  char line[1024];
  bool found = false;
  while (!found && file != NULL && fgets(line, sizeof line, file) != NULL) {
    char name[256];
    unsigned id;
    if (sscanf(line, "%255[^:]:%*[^:]:%u:", name, &id) == 2 && id == uid) {
      found = (size_t)snprintf(into, size, "%s", name) < size;
    }
  }
  if (file != NULL) {
    fclose(file);
  }
  return found;
}

/* The first range of ids that a file gives a user. */
static bool subordinate(const char *path, const char *name, uid_t uid, char start[24], char count[24]) {
  FILE *file = fopen(path, "re");
  char line[1024], number[24];
  bool found = false;
  snprintf(number, sizeof number, "%u", uid);
  while (!found && file != NULL && fgets(line, sizeof line, file) != NULL) {
    char owner[256];
    found = sscanf(line, "%255[^:]:%20[0-9]:%20[0-9]", owner, start, count) == 3 &&
            (strcmp(owner, name) == 0 || strcmp(owner, number) == 0);
  }
  if (file != NULL) {
    fclose(file);
  }
  return found;
}

static bool run_map_program(const char *program, pid_t process, uid_t own, const char *range_file) {
  char name[256] = "", pid[16], id[16], start[24], count[24];
  user_name(getuid(), name, sizeof name);
  if (!subordinate(range_file, name, getuid(), start, count)) {
    dprintf(STDERR_FILENO, "birgus: %s gives user %u no ids\n", range_file, getuid());
    return false;
  }
  snprintf(pid, sizeof pid, "%d", process);
  snprintf(id, sizeof id, "%u", own);
  pid_t mapper = fork();
  if (mapper == 0) {
    char *const environment[] = {NULL};
    static const char *const folders[] = {"/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
      char path[64];
      snprintf(path, sizeof path, "%s/%s", folders[i], program);
      execle(path, program, pid, "0", id, "1", "1", start, count, (char *)NULL, environment);
    }
    dprintf(STDERR_FILENO, "birgus: %s: %s\n", program, strerror(errno));
    _exit(127);
  }
  int status;
  while (mapper > 0 && waitpid(mapper, &status, 0) < 0 && errno == EINTR) {
  }
  return mapper > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* In a process that stays outside: only that one may map more than one id. */
static bool map_from_outside(pid_t process, bool root) {
  if (!root) {
    return run_map_program("newuidmap", process, getuid(), "/etc/subuid") &&
           run_map_program("newgidmap", process, getgid(), "/etc/subgid");
  }
  char path[64], map[4096];
  identity_map("/proc/self/uid_map", map, sizeof map);
  snprintf(path, sizeof path, "/proc/%d/uid_map", process);
  if (!write_file(path, map)) {
    dprintf(STDERR_FILENO, "birgus: write uid_map: %s\n", strerror(errno));
    return false;
  }
  identity_map("/proc/self/gid_map", map, sizeof map);
  snprintf(path, sizeof path, "/proc/%d/gid_map", process);
  if (!write_file(path, map)) {
    dprintf(STDERR_FILENO, "birgus: write gid_map: %s\n", strerror(errno));
    return false;
  }
  return true;
}

static void make_user_namespace(bool root) {
  int made[2];
  if (pipe2(made, O_CLOEXEC) != 0) {
    impossible("pipe");
  }
  pid_t us = getpid();
  pid_t mapper = fork();
  if (mapper < 0) {
    impossible("fork");
  }
  if (mapper == 0) {
    char go;
    close(made[1]);
    _exit(read(made[0], &go, 1) == 1 && map_from_outside(us, root) ? 0 : 1);
  }
  close(made[0]);
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
    int reason = errno;
    close(made[1]);
    waitpid(mapper, NULL, 0);
    errno = reason;
    impossible("unshare of a user and a mount namespace");
  }
  write_all(made[1], "m", 1);
  close(made[1]);
  int status;
  while (waitpid(mapper, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    impossible_because("the ids of a user namespace cannot be mapped");
  }
  if (setresgid(0, 0, 0) != 0 || setresuid(0, 0, 0) != 0) {
    impossible("become root in a user namespace");
  }
}

int enter(int argc, char **argv) {
  bool probe = argc > 0 && strcmp(argv[0], "--probe") == 0;
  if (probe) {
    argc--;
    argv++;
  }
  if (argc > 0 && strcmp(argv[0], "--") == 0) {
    argc--;
    argv++;
  }
  if (!probe && argc == 0) {
    impossible_because("nothing to start");
  }
  bool root = geteuid() == 0;
  bool mounts = may_mount();
  if (mounts) {
    if (unshare(CLONE_NEWNS) != 0) {
      impossible("unshare of a mount namespace");
    }
  } else {
    make_user_namespace(root);
  }
  /* What we mount is ours alone; what is unmounted outside does not stay with us. */
  if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0) {
    impossible("make the mounts our own");
  }
  if (probe) {
    return mounts ? MAY_MOUNT : root ? SAME_IDS : SUBORDINATE_IDS;
  }
  execvp(argv[0], argv);
  impossible(argv[0]);
}
