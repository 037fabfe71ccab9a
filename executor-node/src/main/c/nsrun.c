#include "nsrun.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SIGNALLED 128

/* How long descendants that cannot be found are waited for. */
#define UNENDING_MS 10000

const char *error_name(int reason) {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 32)
  const char *name = strerrorname_np(reason);
  if (name != NULL) {
    return name;
  }
#endif
  static char number[16];
  snprintf(number, sizeof number, "%d", reason);
  return number;
}

static void say(bool with_errno, const char *sentence, va_list values) {
  int reason = errno;
  char line[8192];
  int length = vsnprintf(line, sizeof line - 256, sentence, values);
  if (length < 0) {
    length = 0;
  }
  if ((size_t)length > sizeof line - 257) {
    length = sizeof line - 257;
  }
  if (with_errno) {
    length += snprintf(line + length, 256, ": %s (%s)", strerror(reason), error_name(reason));
  }
  line[length++] = '\n';
  write_all(STDOUT_FILENO, line, (size_t)length);
}

void fail(const char *sentence, ...) {
  va_list values;
  va_start(values, sentence);
  say(true, sentence, values);
  va_end(values);
  _exit(NOT_PREPARED);
}

void refuse(const char *sentence, ...) {
  va_list values;
  va_start(values, sentence);
  say(false, sentence, values);
  va_end(values);
  _exit(NOT_PREPARED);
}

void *allocate(size_t size) {
  void *memory = malloc(size);
  if (memory == NULL) {
    fail("memory");
  }
  return memory;
}

bool write_all(int file, const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t written = write(file, at, length);
    if (written < 0 && errno == EINTR) {
      continue;
    }
    if (written < 0) {
      return false;
    }
    at += written;
    length -= (size_t)written;
  }
  return true;
}

/* Writes a text to an existing file; false with errno if that cannot be done. */
static bool write_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) {
    return false;
  }
  bool written = write_all(file, text, strlen(text));
  int reason = errno;
  close(file);
  errno = reason;
  return written;
}

/* The ids that are mapped into this process's user namespace, as a map to themselves. */
static void identity_map(const char *own_map, char *into, size_t size) {
  FILE *file = fopen(own_map, "re");
  if (file == NULL) {
    fail("open %s", own_map);
  }
  unsigned long inside, outside, count;
  size_t length = 0;
  while (fscanf(file, "%lu %lu %lu", &inside, &outside, &count) == 3 && length < size) {
    length += (size_t)snprintf(into + length, size - length, "%lu %lu %lu\n", inside, inside, count);
  }
  fclose(file);
  if (length == 0 || length >= size) {
    refuse("%s is empty or too long", own_map);
  }
}

/* The process that is started; in a pid namespace it is the first one there. */
struct child {
  pid_t pid;
  int status;
  bool ended;
};

static struct specification specification;
static struct child child;

static bool has_pid_namespace(void) { return specification.mode == NS; }

static unsigned long namespaces(void) {
  unsigned long flags = 0;
  switch (specification.mode) {
    case NS: flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS; break;
    case USERNS: flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS; break;
    case CHROOT_NOTIFY:
    case CHROOT:
    case INPLACE: break;
  }
  if (specification.no_network) {
    if (flags == 0) {
      refuse("a network of its own needs namespaces");
    }
    flags |= CLONE_NEWNET;
  }
  return flags;
}

/*
 * A user namespace has to be told which ids it has, by a process outside: only that one may give it
 * more than one. All that we have are the same inside, so files belong to whom they did.
 */
static void map_ids(pid_t process) {
  char path[64], map[4096];
  identity_map("/proc/self/uid_map", map, sizeof map);
  snprintf(path, sizeof path, "/proc/%d/uid_map", process);
  if (!write_file(path, map)) {
    fail("write uid_map of a user namespace");
  }
  identity_map("/proc/self/gid_map", map, sizeof map);
  snprintf(path, sizeof path, "/proc/%d/gid_map", process);
  if (!write_file(path, map)) {
    fail("write gid_map of a user namespace");
  }
}

static void join_cgroups(pid_t process) {
  char pid[16];
  snprintf(pid, sizeof pid, "%d", process);
  for (char **each = specification.cgroups; each != NULL && *each != NULL; each++) {
    if (!write_file(*each, pid)) {
      fail("write %s", *each);
    }
  }
}

/* Descendants die with whoever waits for them, however that one ends. */
static void die_with_parent(void) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    fail("prctl PR_SET_PDEATHSIG");
  }
}

static void unblock_signals(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn static void start_command(int notify_socket) {
  setsid();
  unblock_signals();
  become_command(&specification, notify_socket);
}

/* The first process of a pid namespace: reaps what is left to it and ends with the command. */
_Noreturn static void attend_namespace(void) {
  pid_t command = fork();
  if (command < 0) {
    fail("fork");
  }
  if (command == 0) {
    start_command(-1);
  }
  wipe_specification(&specification);
  /* The command's end has to be seen at the other end of the pipes. */
  int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD);
  sigaddset(&awaited, SIGTERM);
  for (;;) {
    int received = sigwaitinfo(&awaited, NULL);
    if (received == SIGTERM) {
      kill(-command, SIGTERM);
    }
    int status;
    for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (ended == command) {
        _exit(WIFEXITED(status) ? WEXITSTATUS(status) : SIGNALLED + WTERMSIG(status));
      }
    }
  }
}

_Noreturn static void be_child(int gate) {
  char go;
  /* If nothing comes, whoever started us is gone. */
  if (read(gate, &go, 1) != 1) {
    _exit(NOT_PREPARED);
  }
  die_with_parent();
  if (specification.no_network) {
    bring_up_loopback();
  }
  if (specification.mode == CHROOT || specification.mode == CHROOT_NOTIFY) {
    if (chroot(specification.root) != 0) {
      fail("chroot %s", specification.root);
    }
  } else if (specification.mode == INPLACE) {
    /* The root is the node's own: whoever asks for it has made it what it has to be. */
    if (strcmp(specification.root, "/") != 0) {
      refuse("in place there is no root but /, not %s", specification.root);
    }
  } else {
    make_root(&specification);
  }
  if (chdir("/") != 0) {
    fail("chdir /");
  }
  if (has_pid_namespace()) {
    attend_namespace();
  }
  start_command(specification.mode == CHROOT_NOTIFY ? gate : -1);
}

pid_t parent_of(pid_t process) {
  char path[64], stat[512];
  snprintf(path, sizeof path, "/proc/%d/stat", process);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    return 0;
  }
  ssize_t length = read(file, stat, sizeof stat - 1);
  close(file);
  stat[length > 0 ? length : 0] = 0;
  /* The name is in parentheses and may have some of its own. */
  char *after = strrchr(stat, ')');
  pid_t parent;
  return after != NULL && sscanf(after, ") %*c %d", &parent) == 1 ? parent : 0;
}

/* Kills all processes whose parent we are; how many there are. */
static int kill_children(void) {
  DIR *processes = opendir("/proc");
  if (processes == NULL) {
    return 0;
  }
  int killed = 0;
  for (struct dirent *each; (each = readdir(processes)) != NULL;) {
    pid_t pid = atoi(each->d_name);
    if (pid > 0 && parent_of(pid) == getpid()) {
      kill(pid, SIGKILL);
      killed++;
    }
  }
  closedir(processes);
  return killed;
}

static void note_end(pid_t ended, int status) {
  if (ended == child.pid) {
    child.ended = true;
    child.status = status;
  }
}

static long long milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/*
 * Without a pid namespace: whoever loses its parent becomes our child, so when there is no child any
 * more there is no descendant either.
 */
static void end_descendants(void) {
  long long deadline = milliseconds() + UNENDING_MS;
  for (;;) {
    int status;
    pid_t ended = waitpid(-1, &status, WNOHANG);
    if (ended == 0) {
      if (milliseconds() > deadline) {
        errno = ETIMEDOUT;
        fail("processes the command left behind do not end");
      }
      if (kill_children() == 0) {
        /* Without /proc nobody says who they are; the command's own group can be ended anyhow. */
        kill(-child.pid, SIGKILL);
      }
      nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    if (ended < 0 && errno == ECHILD) {
      return;
    }
    if (ended > 0) {
      note_end(ended, status);
    }
  }
}

static void take_signal(int signals, long long *deadline) {
  struct signalfd_siginfo received;
  if (read(signals, &received, sizeof received) != sizeof received) {
    return;
  }
  switch (received.ssi_signo) {
    case SIGHUP: kill(child.pid, SIGKILL); break;
    case SIGTERM:
      if (*deadline < 0) {
        /* The first process of a namespace hands it on; otherwise it is the command's group. */
        kill(has_pid_namespace() ? child.pid : -child.pid, SIGTERM);
        *deadline = milliseconds() + specification.grace;
      }
      break;
    default: break;
  }
  int status;
  for (pid_t ended; !child.ended && (ended = waitpid(-1, &status, WNOHANG)) > 0;) {
    note_end(ended, status);
  }
}

static void attend(int signals, int listener) {
  long long deadline = -1;
  while (!child.ended) {
    struct pollfd events[] = {{signals, POLLIN, 0}, {listener, POLLIN, 0}};
    int timeout = -1;
    if (deadline >= 0) {
      long long left = deadline - milliseconds();
      if (left <= 0) {
        kill(child.pid, SIGKILL);
        deadline = milliseconds() + 1000;
        continue;
      }
      timeout = (int)left;
    }
    if (poll(events, listener < 0 ? 1 : 2, timeout) < 0) {
      continue;
    }
    if (events[0].revents != 0) {
      take_signal(signals, &deadline);
    }
    if (listener >= 0 && (events[1].revents & POLLIN)) {
      answer(listener);
    } else if (listener >= 0 && events[1].revents != 0) {
      /* No process is left that could ask. */
      close(listener);
      listener = -1;
    }
  }
}

static void start(int gate[2]) {
  unsigned long flags = namespaces();
  child.pid = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  if (child.pid < 0) {
    fail("clone with namespaces 0x%lx", flags);
  }
  if (child.pid == 0) {
    close(gate[0]);
    be_child(gate[1]);
  }
  close(gate[1]);
}

/* Runs the command that is described on standard input. */
static int run(void) {
  /* Before anything is read: if the node dies before that, the specification is cut off. */
  if (prctl(PR_SET_PDEATHSIG, SIGHUP) != 0) {
    fail("prctl PR_SET_PDEATHSIG");
  }
  /* A terminal's signals are the node's to handle. */
  setsid();
  sigset_t handled;
  sigemptyset(&handled);
  sigaddset(&handled, SIGCHLD);
  sigaddset(&handled, SIGTERM);
  sigaddset(&handled, SIGHUP);
  sigprocmask(SIG_SETMASK, &handled, NULL);
  umask(022);
  read_specification(STDIN_FILENO, &specification);
  int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0) {
    fail("open /dev/null");
  }
  close(nothing);
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
    fail("prctl PR_SET_CHILD_SUBREAPER");
  }
  int gate[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gate) != 0) {
    fail("socketpair");
  }
  start(gate);
  if (specification.mode == USERNS) {
    map_ids(child.pid);
  }
  join_cgroups(child.pid);
  wipe_specification(&specification);
  int signals = signalfd(-1, &handled, SFD_CLOEXEC);
  if (signals < 0) {
    fail("signalfd");
  }
  write_all(gate[0], "g", 1);
  int listener = -1;
  if (specification.mode == CHROOT_NOTIFY) {
    begin_answering(specification.root);
    listener = receive_listener(gate[0]);
  }
  close(gate[0]);
  attend(signals, listener);
  end_descendants();
  return WIFEXITED(child.status) ? WEXITSTATUS(child.status) : SIGNALLED + WTERMSIG(child.status);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "run") == 0) {
    return run();
  }
  if (argc >= 2 && strcmp(argv[1], "check") == 0) {
    return check(argc - 2, argv + 2);
  }
  if (argc == 3 && strcmp(argv[1], "sweep") == 0) {
    return sweep(argv[2]);
  }
  static const char usage[] = "usage: nsrun run\n";
  write_all(STDERR_FILENO, usage, sizeof usage - 1);
  return 2;
}
