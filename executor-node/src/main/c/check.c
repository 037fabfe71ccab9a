/*
 * Runs in a root, as a command would, to find out whether a command finds there what it needs. What
 * is missing is printed; the exit code says whether it was everything.
 */
#include "nsrun.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int problems;

static void missing(const char *what) {
  printf("%s: %s (%s)\n", what, strerror(errno), error_name(errno));
  problems++;
}

static void check_device(const char *path, bool read_it) {
  char byte = 0;
  int file = open(path, read_it ? O_RDONLY : O_WRONLY);
  if (file < 0 || (read_it ? read(file, &byte, 1) : write(file, &byte, 1)) != 1) {
    missing(path);
  }
  if (file >= 0) {
    close(file);
  }
}

/* Only what a command sees of itself proves that /proc is right. */
static void check_proc(void) {
  char link[4096], pid[16];
  ssize_t length = readlink("/proc/self", link, sizeof link - 1);
  if (length < 0) {
    missing("readlink /proc/self");
    return;
  }
  link[length] = 0;
  snprintf(pid, sizeof pid, "%d", getpid());
  if (strcmp(link, pid) != 0) {
    printf("/proc/self is %s for process %s\n", link, pid);
    problems++;
  }
  length = readlink("/proc/self/exe", link, sizeof link - 1);
  if (length < 0) {
    missing("readlink /proc/self/exe");
  } else if (link[length] = 0, access(link, X_OK) != 0) {
    missing("what /proc/self/exe leads to");
  }
  int file = open("/proc/self/status", O_RDONLY);
  if (file < 0) {
    missing("open /proc/self/status");
  } else {
    close(file);
  }
}

/* A change of owner and user is what package managers do first. */
static void check_ids(void) {
  int file = open("/birgus-check", O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (file < 0) {
    missing("make a file");
    return;
  }
  if (fchown(file, 1, 1) != 0) {
    missing("chown to user 1");
  }
  close(file);
  unlink("/birgus-check");
  if (setresgid(1, 1, 1) != 0 || setresuid(1, 1, 1) != 0) {
    missing("become user 1");
  }
}

int check(int argc, char **argv) {
  check_device("/dev/null", false);
  check_device("/dev/zero", true);
  check_device("/dev/urandom", true);
  if (argc > 0 && strcmp(argv[0], "proc") == 0) {
    check_proc();
  }
  check_ids();
  return problems == 0 ? 0 : 1;
}
