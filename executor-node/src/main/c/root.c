/*
 * Makes the root of a command, in namespaces that have just been made: everything here is gone with
 * the last process in them.
 *
 * Devices in the root cannot be used, whatever the command makes with mknod: on a node without device
 * cgroups they would be the node's. What is hidden or read-only is what containers have so everywhere.
 */
#include "nsrun.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Headers may be older than the kernel. */
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#define RECURSIVE 0x8000
#define ATTRIBUTE_READ_ONLY 1

struct attributes {
  uint64_t set, clear, propagation, user_namespace;
};

#define LONGEST 8192

static const struct specification *given;

/* A place in the root, as the node sees it. The text is good until the second call after. */
static char *in_root(const char *place) {
  static char paths[2][LONGEST];
  static int turn;
  turn = !turn;
  int length = snprintf(paths[turn], LONGEST, "%s%s", given->root, place);
  if (length < 0 || length >= LONGEST) {
    refuse("too long a path: %s", place);
  }
  return paths[turn];
}

/*
 * Adds flags to what is mounted at a place. Those it has are kept: in a user namespace the kernel
 * does not let anybody take them away.
 */
static int add_flags(const char *place, unsigned long flags) {
  struct statvfs now;
  if (statvfs(place, &now) != 0) {
    return -1;
  }
  static const unsigned long kept[][2] = {
      {ST_RDONLY, MS_RDONLY},   {ST_NOSUID, MS_NOSUID},         {ST_NODEV, MS_NODEV},
      {ST_NOEXEC, MS_NOEXEC},   {ST_NOATIME, MS_NOATIME},       {ST_NODIRATIME, MS_NODIRATIME},
      {ST_RELATIME, MS_RELATIME}};
  for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
    if (now.f_flag & kept[i][0]) {
      flags |= kept[i][1];
    }
  }
  return mount(NULL, place, NULL, MS_REMOUNT | MS_BIND | flags, NULL);
}

static int show(const char *source, const char *place, unsigned long flags) {
  if (mount(source, place, NULL, MS_BIND, NULL) != 0) {
    return -1;
  }
  return flags == 0 ? 0 : add_flags(place, flags);
}

/* With everything that is mounted below, all of it read-only. */
static int bind_tree_read_only(const char *source, const char *place) {
  if (mount(source, place, NULL, MS_BIND | MS_REC, NULL) != 0) {
    return -1;
  }
  struct attributes read_only = {.set = ATTRIBUTE_READ_ONLY};
  if (syscall(SYS_mount_setattr, AT_FDCWD, place, RECURSIVE, &read_only, sizeof read_only) == 0) {
    return 0;
  }
  int reason = errno;
  umount2(place, MNT_DETACH);
  errno = reason;
  return -1;
}

static int empty(const char *place) {
  return mount(
      "tmpfs", place, "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=4k");
}

static bool is_directory(const char *path) {
  struct stat status;
  return lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static void mount_proc(void) {
  char *place = in_root(given->proc);
  if (given->mode == NS) {
    if (mount("proc", place, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) != 0) {
      fail("mount a new /proc");
    }
  } else if (mount("/proc", place, NULL, MS_BIND | MS_REC, NULL) != 0) {
    /* Recursive: what the node has hidden in its /proc may not be uncovered. */
    fail("bind /proc");
  }
}

static void mount_sys(void) {
  char *place = in_root(given->sys);
  if (given->insecure) {
    if (mount("/sys", place, NULL, MS_BIND | MS_REC, NULL) != 0) {
      fail("bind /sys");
    }
    return;
  }
  /* In a user namespace what is mounted below cannot be left out: then with it, or nothing. */
  if (show("/sys", place, MS_RDONLY) != 0 && bind_tree_read_only("/sys", place) != 0 &&
      empty(place) != 0) {
    fail("mount /sys");
  }
  /* Programs find out here how much memory they may use; they can do without. */
  char groups[LONGEST];
  snprintf(groups, sizeof groups, "%s/fs/cgroup", place);
  if (access(groups, F_OK) == 0) {
    bind_tree_read_only("/sys/fs/cgroup", groups);
  }
}

static void make_device(const char *name, unsigned major, unsigned minor) {
  if (mknod(name, S_IFCHR | 0666, makedev(major, minor)) == 0) {
    if (chmod(name, 0666) != 0) {
      fail("chmod /dev/%s", name);
    }
    return;
  }
  /* A user namespace may not make devices; the node's own can be shown. */
  char path[64];
  snprintf(path, sizeof path, "/dev/%s", name);
  int file = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) {
    fail("make /dev/%s", name);
  }
  close(file);
  if (mount(path, name, NULL, MS_BIND, NULL) != 0) {
    fail("bind /dev/%s", name);
  }
}

static void make_link(const char *target, const char *name) {
  if (symlink(target, name) != 0) {
    fail("symlink /dev/%s", name);
  }
}

static void make_dev(void) {
  char *place = in_root(given->dev);
  if (mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=1m") != 0) {
    fail("mount a tmpfs for /dev");
  }
  if (chdir(place) != 0 || mkdir("pts", 0755) != 0 || mkdir("shm", 0755) != 0) {
    fail("make the directories of /dev");
  }
  make_device("null", 1, 3);
  make_device("zero", 1, 5);
  make_device("full", 1, 7);
  make_device("random", 1, 8);
  make_device("urandom", 1, 9);
  make_device("tty", 5, 0);
  if (mount(
          "devpts", "pts", "devpts", MS_NOSUID | MS_NOEXEC,
          "newinstance,ptmxmode=0666,mode=0620") != 0) {
    fail("mount devpts");
  }
  if (mount(
          "shm", "shm", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=1777,size=64m") != 0) {
    fail("mount a tmpfs for /dev/shm");
  }
  make_link("/proc/self/fd", "fd");
  make_link("pts/ptmx", "ptmx");
  make_link("/proc/self/fd/0", "stdin");
  make_link("/proc/self/fd/1", "stdout");
  make_link("/proc/self/fd/2", "stderr");
}

/* A copy of a file of the node, with a line more, which the command may change for itself. */
static void own_file(const char *source, const char *place, const char *line) {
  static const char staged[] = "birgus-own";
  int to = open(staged, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (to < 0) {
    fail("make a copy of %s", source);
  }
  int from = open(source, O_RDONLY | O_CLOEXEC);
  if (from >= 0) {
    char buffer[8192];
    for (ssize_t got; (got = read(from, buffer, sizeof buffer)) > 0;) {
      if (!write_all(to, buffer, (size_t)got)) {
        fail("copy %s", source);
      }
    }
    close(from);
  }
  if (!write_all(to, line, strlen(line))) {
    fail("copy %s", source);
  }
  close(to);
  if (show(staged, in_root(place), 0) != 0) {
    fail("bind %s", place);
  }
  unlink(staged);
}

static void make_own_files(void) {
  if (given->resolver != NULL) {
    own_file("/etc/resolv.conf", given->resolver, "");
  }
  if (given->hosts != NULL) {
    char line[128];
    snprintf(line, sizeof line, "127.0.1.1 %s\n", given->host_name);
    own_file("/etc/hosts", given->hosts, line);
  }
}

/* Makes a directory and those above it, in something mounted for this command alone. */
static void make_directories(char *path) {
  for (char *slash = strchr(path + strlen(given->root) + 1, '/'); slash != NULL;
       slash = strchr(slash + 1, '/')) {
    *slash = 0;
    if (mkdir(path, 0755) != 0 && errno != EEXIST) {
      fail("mkdir %s", path);
    }
    *slash = '/';
  }
}

static void make_stub(const struct placed *each) {
  if (each->stub == STUB_NONE) {
    return;
  }
  char *path = in_root(each->place);
  make_directories(path);
  if (each->stub == STUB_DIRECTORY) {
    if (mkdir(path, 0755) != 0 && errno != EEXIST) {
      fail("mkdir %s", each->place);
    }
    return;
  }
  int file = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
  if (file < 0) {
    fail("make %s", each->place);
  }
  close(file);
}

/* Of a file, in memory only this command can see: on a tmpfs that is mounted nowhere afterwards. */
static void mount_content(const struct placed *each, const char *folder) {
  char staged[LONGEST];
  snprintf(staged, sizeof staged, "%s/file", folder);
  int file = open(staged, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 || !write_all(file, each->content, each->length)) {
    fail("hand over what is mounted at %s", each->place);
  }
  if (fchown(file, each->uid, each->gid) != 0 || fchmod(file, each->mode) != 0) {
    fail("set owner %u:%u of what is mounted at %s", each->uid, each->gid, each->place);
  }
  close(file);
  unsigned long flags = MS_RDONLY | MS_NOSUID | MS_NODEV | (each->program ? 0 : MS_NOEXEC);
  if (show(staged, in_root(each->place), flags) != 0) {
    fail("mount at %s", each->place);
  }
  unlink(staged);
}

static void mount_memory(const struct placed *each) {
  char size[64] = "";
  if (*each->source) {
    snprintf(size, sizeof size, "size=%s", each->source);
  }
  if (mount(
          "tmpfs", in_root(each->place), "tmpfs",
          MS_NOSUID | (each->writable ? 0 : MS_RDONLY), size) != 0) {
    fail("mount a tmpfs at %s", each->place);
  }
}

static void make_mounts(const char *staging) {
  for (size_t i = 0; i < given->mount_count; i++) {
    const struct placed *each = &given->mounts[i];
    make_stub(each);
    switch (each->kind) {
      case BIND:
        if (show(each->source, in_root(each->place), each->writable ? 0 : MS_RDONLY) != 0) {
          fail("bind at %s", each->place);
        }
        break;
      case MEMORY: mount_memory(each); break;
      case CONTENT: mount_content(each, staging); break;
    }
  }
}

/* The command's /proc is where nobody looks meanwhile, and is itself again afterwards. */
static void mount_what_was_asked_for(void) {
  size_t contents = 0;
  for (size_t i = 0; i < given->mount_count; i++) {
    if (given->mounts[i].kind == CONTENT) {
      contents += given->mounts[i].length + 256 * 1024;
    }
  }
  char staging[LONGEST];
  snprintf(staging, sizeof staging, "%s", in_root(given->proc));
  if (contents > 0) {
    char options[64];
    snprintf(options, sizeof options, "mode=700,size=%zu", contents);
    if (mount("tmpfs", staging, "tmpfs", MS_NOSUID | MS_NODEV, options) != 0) {
      fail("mount a tmpfs for secrets");
    }
  }
  make_mounts(staging);
  if (contents > 0 && umount2(staging, MNT_DETACH) != 0) {
    fail("unmount the tmpfs for secrets");
  }
}

static void hide(const char *directory, const char *name) {
  char path[LONGEST];
  snprintf(path, sizeof path, "%s/%s", in_root(directory), name);
  if (is_directory(path)) {
    if (empty(path) != 0) {
      fail("hide %s/%s", directory, name);
    }
  } else if (access(path, F_OK) == 0 && mount("/dev/null", path, NULL, MS_BIND, NULL) != 0) {
    fail("hide %s/%s", directory, name);
  }
}

static void hide_the_node(void) {
  static const char *const read_only[] = {"bus", "fs", "irq", "sys", "sysrq-trigger"};
  for (size_t i = 0; i < sizeof read_only / sizeof read_only[0]; i++) {
    char path[LONGEST];
    snprintf(path, sizeof path, "%s/%s", in_root(given->proc), read_only[i]);
    if (access(path, F_OK) == 0 && show(path, path, MS_RDONLY) != 0 &&
        bind_tree_read_only(path, path) != 0) {
      fail("make /proc/%s read-only", read_only[i]);
    }
  }
  static const char *const hidden[] = {
      "acpi",        "asound", "interrupts", "kcore",      "keys", "latency_stats",
      "sched_debug", "scsi",   "timer_list", "timer_stats"};
  for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
    hide(given->proc, hidden[i]);
  }
  hide(given->sys, "firmware");
  hide(given->sys, "devices/virtual/powercap");
}

void bring_up_loopback(void) {
  struct ifreq request = {.ifr_name = "lo"};
  int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  request.ifr_flags = IFF_UP;
  if (sock < 0 || ioctl(sock, SIOCSIFFLAGS, &request) != 0) {
    fail("bring the loopback interface up");
  }
  close(sock);
}

void make_root(const struct specification *specification) {
  given = specification;
  if (given->proc == NULL || given->sys == NULL || given->dev == NULL || given->host_name == NULL) {
    refuse("the specification has no place for /proc, /sys or /dev, or no host name");
  }
  mode_t mask = umask(0);
  /* Nothing that happens here is seen outside, nor the other way round. */
  if (mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) != 0) {
    fail("make the mounts private");
  }
  if (show(given->root, given->root, given->insecure ? 0 : MS_NODEV) != 0) {
    fail("bind the root %s", given->root);
  }
  mount_proc();
  mount_sys();
  make_dev();
  make_own_files();
  if (sethostname(given->host_name, strlen(given->host_name)) != 0) {
    fail("sethostname");
  }
  mount_what_was_asked_for();
  if (!given->insecure) {
    hide_the_node();
  }
  /* Not pivot_root: the system call is missing in the usual profiles of containers. */
  if (chdir(given->root) != 0 || mount(given->root, "/", NULL, MS_MOVE, NULL) != 0 ||
      chroot(".") != 0) {
    fail("make the root /");
  }
  umask(mask);
}
