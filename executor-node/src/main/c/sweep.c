/*
 * Ends what runs in a root, where no pid namespace does it: after the launcher was killed, and what
 * dead nodes left.
 */
#include "nsrun.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

/* Far more often than new processes can come from those that are left. */
#define ATTEMPTS 1000

static bool is_in(pid_t process, const char *folder, const struct stat *identity) {
  char path[64], root[8192];
  struct stat status;
  snprintf(path, sizeof path, "/proc/%d", process);
  if (stat(path, &status) != 0) {
    return false;
  }
  /* Without CAP_SYS_PTRACE the root of a process is only seen by its own user. */
  setfsgid(status.st_gid);
  setfsuid(status.st_uid);
  snprintf(path, sizeof path, "/proc/%d/root", process);
  ssize_t length = readlink(path, root, sizeof root - 1);
  /* In a mount namespace of its own, every root is called /. */
  bool same = length > 0 && stat(path, &status) == 0 && status.st_dev == identity->st_dev &&
              status.st_ino == identity->st_ino;
  setfsuid(geteuid());
  setfsgid(getegid());
  if (length <= 0) {
    return false;
  }
  root[length] = 0;
  size_t prefix = strlen(folder);
  return same ||
         (strncmp(root, folder, prefix) == 0 && (root[prefix] == '/' || root[prefix] == 0));
}

static int kill_all(const char *folder, const struct stat *identity) {
  DIR *processes = opendir("/proc");
  int killed = 0;
  if (processes == NULL) {
    fail("open /proc");
  }
  for (struct dirent *each; (each = readdir(processes)) != NULL;) {
    pid_t process = atoi(each->d_name);
    if (process > 1 && process != getpid() && is_in(process, folder, identity) &&
        kill(process, SIGKILL) == 0) {
      killed++;
    }
  }
  closedir(processes);
  return killed;
}

int sweep(const char *folder) {
  char *real = realpath(folder, NULL);
  struct stat identity, own;
  /* Our own root, and thereby everything, is never meant. */
  if (real == NULL || stat(real, &identity) != 0 || stat("/", &own) != 0 ||
      (identity.st_dev == own.st_dev && identity.st_ino == own.st_ino) || strcmp(real, "/") == 0) {
    fail("sweep %s", folder);
  }
  for (int i = 0; i < ATTEMPTS; i++) {
    if (kill_all(real, &identity) == 0) {
      return 0;
    }
    usleep(1000);
  }
  refuse("processes in %s cannot be ended", real);
}
