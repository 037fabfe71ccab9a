/*
 * The mounts a command in another root directory is told of.
 */
#include "answers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the mount of the root is: its device, and from the type on what mountinfo has of it. */
static void find_root_mount(char device[32], char type[256]) {
  char path[64], line[LONGEST * 2];
  int id = -1;
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", command_root.folder);
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
int open_mounts(bool information) {
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

bool is_mounts(const struct target *target, bool *information) {
  const char *name = strrchr(target->rest, '/');
  if (target->in_sys || name == NULL || target->rest[0] < '0' || target->rest[0] > '9') {
    return false;
  }
  *information = strcmp(name, "/mountinfo") == 0;
  return *information || strcmp(name, "/mounts") == 0;
}
