/*
 * Becomes the command: the directory, groups, capabilities, user, system call filter, exec.
 */
#include "nsrun.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NOT_EXECUTABLE 126
#define NOT_FOUND 127
#define LAST_SIGNAL 64

/* The capabilities containers have by default everywhere. */
static const int kept_capabilities[] = {
    CAP_CHOWN,      CAP_DAC_OVERRIDE,     CAP_FOWNER,  CAP_FSETID,     CAP_KILL,
    CAP_SETGID,     CAP_SETUID,           CAP_SETPCAP, CAP_NET_BIND_SERVICE,
    CAP_NET_RAW,    CAP_SYS_CHROOT,       CAP_MKNOD,   CAP_AUDIT_WRITE, CAP_SETFCAP};

static bool is_kept(int capability) {
  for (size_t i = 0; i < sizeof kept_capabilities / sizeof kept_capabilities[0]; i++) {
    if (kept_capabilities[i] == capability) {
      return true;
    }
  }
  return false;
}

static void limit_capabilities(void) {
  for (int each = 0; prctl(PR_CAPBSET_READ, each, 0, 0, 0) >= 0; each++) {
    if (is_kept(each) || prctl(PR_CAPBSET_READ, each, 0, 0, 0) == 0) {
      continue;
    }
    /* Without CAP_SETPCAP nobody can; then the node itself was given no more than it should be. */
    if (prctl(PR_CAPBSET_DROP, each, 0, 0, 0) != 0 && errno != EPERM) {
      fail("drop capability %d", each);
    }
  }
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2];
  if (syscall(SYS_capget, &header, sets) != 0) {
    fail("capget");
  }
  sets[0].inheritable = sets[1].inheritable = 0;
  if (syscall(SYS_capset, &header, sets) != 0) {
    fail("capset");
  }
}

void give_up_capabilities(void) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct sets[2];
  if (syscall(SYS_capget, &header, sets) != 0) {
    fail("capget");
  }
  uint32_t kept[2] = {0};
  for (size_t i = 0; i < sizeof kept_capabilities / sizeof kept_capabilities[0]; i++) {
    kept[kept_capabilities[i] / 32] |= 1u << kept_capabilities[i] % 32;
  }
  for (int half = 0; half < 2; half++) {
    sets[half].permitted &= kept[half];
    sets[half].effective &= kept[half];
    sets[half].inheritable = 0;
  }
  if (syscall(SYS_capset, &header, sets) != 0) {
    fail("capset");
  }
}

/* Where the ids are the ones we have there is nothing to do, which also one may who has only those. */
static void become_user(const struct specification *given) {
  if (setgroups(given->group_count, given->groups) != 0 &&
      !(errno == EPERM && given->group_count == 0 && getgroups(0, NULL) == 0)) {
    fail("setgroups");
  }
  if (setresgid(given->gid, given->gid, given->gid) != 0) {
    fail("setresgid %u", given->gid);
  }
  if (!given->insecure) {
    limit_capabilities();
  }
  if (setresuid(given->uid, given->uid, given->uid) != 0) {
    fail("setresuid %u", given->uid);
  }
}

/* /dev/stdout is a pipe of the node's user: without this a command of another could not open it. */
static void give_output(uid_t uid) {
  for (int file = STDOUT_FILENO; file <= STDERR_FILENO; file++) {
    struct stat status;
    if (fstat(file, &status) == 0 && S_ISFIFO(status.st_mode) && status.st_uid != uid) {
      if (fchown(file, uid, (gid_t)-1) != 0) {
        /* It may be the node's alone; the command still has it open. */
        continue;
      }
    }
  }
}

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "system call filters for this processor have to be added here"
#endif

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, what)
#define ASK(number) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), RETURN(SECCOMP_RET_USER_NOTIF)
/* fstat comes as a path call with an empty path: frequent, and never about /proc by its name. */
#define ASK_WITH_PATH(number, flags)                                                  \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 4), LOAD(args[flags]),               \
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, AT_EMPTY_PATH, 0, 1),                      \
      RETURN(SECCOMP_RET_ALLOW), RETURN(SECCOMP_RET_USER_NOTIF)

static int filter_paths(void) {
  struct sock_filter filter[] = {
      LOAD(arch),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
      RETURN(SECCOMP_RET_ALLOW),
      LOAD(nr),
      ASK_WITH_PATH(SYS_newfstatat, 3),
      ASK_WITH_PATH(SYS_statx, 2),
      ASK(SYS_openat),
      ASK(SYS_openat2),
      ASK(SYS_readlinkat),
      ASK(SYS_faccessat),
      ASK(SYS_faccessat2),
      ASK(SYS_statfs),
#ifdef SYS_open
      ASK(SYS_open),
      ASK(SYS_stat),
      ASK(SYS_lstat),
      ASK(SYS_access),
      ASK(SYS_readlink),
#endif
      RETURN(SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
  /* A call is not begun anew because of a signal once it is being answered (Linux 5.19). */
  unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
  int listener =
      (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | 1ul << 5, &program);
  if (listener < 0 && errno == EINVAL) {
    listener = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
  }
  return listener;
}

static void hand_over(int socket, int listener) {
  char byte = 'l';
  struct iovec data = {&byte, 1};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control = {0};
  struct msghdr message = {
      .msg_iov = &data,
      .msg_iovlen = 1,
      .msg_control = control.space,
      .msg_controllen = sizeof control.space};
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(header), &listener, sizeof listener);
  if (sendmsg(socket, &message, MSG_NOSIGNAL) != 1) {
    fail("sendmsg of the seccomp listener");
  }
}

int receive_listener(int socket) {
  char byte;
  struct iovec data = {&byte, 1};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control;
  struct msghdr message = {
      .msg_iov = &data,
      .msg_iovlen = 1,
      .msg_control = control.space,
      .msg_controllen = sizeof control.space};
  ssize_t got;
  do {
    got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  struct cmsghdr *header = got == 1 ? CMSG_FIRSTHDR(&message) : NULL;
  int listener = -1;
  if (header != NULL && header->cmsg_type == SCM_RIGHTS) {
    memcpy(&listener, CMSG_DATA(header), sizeof listener);
  }
  return listener;
}

/* What cannot be executed is told where the command would tell it. */
_Noreturn static void cannot_execute(const char *program, int reason) {
  char line[4200];
  int length = snprintf(line, sizeof line, "cannot execute %.4000s: %s\n", program, strerror(reason));
  write_all(STDERR_FILENO, line, (size_t)length);
  _exit(reason == ENOENT || reason == ENOTDIR ? NOT_FOUND : NOT_EXECUTABLE);
}

static const char *search_path(char **environment) {
  for (; *environment != NULL; environment++) {
    if (strncmp(*environment, "PATH=", 5) == 0) {
      return *environment + 5;
    }
  }
  return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

_Noreturn static void execute(const struct specification *given) {
  const char *program = given->arguments[0];
  if (strchr(program, '/') != NULL || *program == 0) {
    execve(program, given->arguments, given->environment);
    cannot_execute(program, errno);
  }
  int reason = ENOENT;
  const char *folder = search_path(given->environment);
  for (;;) {
    size_t length = strcspn(folder, ":");
    char path[8192];
    int written =
        snprintf(path, sizeof path, "%.*s%s%s", (int)length, folder, length ? "/" : "", program);
    if (written > 0 && (size_t)written < sizeof path) {
      execve(path, given->arguments, given->environment);
      /* As execvp(3): a file that may not be executed does not end the search, but is remembered. */
      if (errno != ENOENT && errno != ENOTDIR) {
        reason = errno;
      }
      if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) {
        break;
      }
    }
    if (folder[length] == 0) {
      break;
    }
    folder += length + 1;
  }
  cannot_execute(program, reason);
}

static void reset_signals(void) {
  for (int each = 1; each <= LAST_SIGNAL; each++) {
    if (each != SIGKILL && each != SIGSTOP) {
      signal(each, SIG_DFL);
    }
  }
}

void become_command(const struct specification *given, int notify_socket) {
  reset_signals();
  if (chdir(given->directory) != 0) {
    fail("chdir %s", given->directory);
  }
  give_output(given->uid);
  become_user(given);
  /* A change of user takes it away. */
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
    fail("prctl PR_SET_PDEATHSIG");
  }
  umask(022);
  /* Before the filter: where the output ends is a matter of this process alone. */
  if (notify_socket >= 0) {
    /* Whoever may not mount may filter system calls only if nothing gains privileges any more. */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
      fail("prctl PR_SET_NO_NEW_PRIVS");
    }
    int listener = filter_paths();
    if (listener < 0) {
      fail("seccomp with a listener");
    }
    hand_over(notify_socket, listener);
    close(listener);
    close(notify_socket);
  }
  write_all(STDOUT_FILENO, READY, sizeof READY - 1);
  if (syscall(SYS_close_range, 3u, ~0u, 4u /* CLOEXEC */) != 0) {
    for (int each = 3; each < 1024; each++) {
      fcntl(each, F_SETFD, FD_CLOEXEC);
    }
  }
  execute(given);
}
