/*
 * nsrun runs one command of a build in a root file system that is not the node's own.
 *
 * Everything about the command is read from standard input (specification.c), so that neither its
 * arguments nor its environment nor a secret stands in the argument list of a process outside.
 *
 *   nsrun.c          what it is asked to do; starts the command, waits for its end, ends what is left
 *   specification.c  the command, as it comes from the node
 *   root.c           makes the root: mounts, devices, what is hidden
 *   command.c        credentials, capabilities, exec
 *   notify.c         answers system calls on /proc where it cannot be mounted, with targets.c (where
 *                    paths lead) and seen_mounts.c (what is said to be mounted)
 *   sweep.c          ends what is left in a root after a launcher was killed
 *   check.c          looks in a root whether a command finds what it needs
 */
#ifndef NSRUN_H
#define NSRUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The exit code if the command was not even started; the reason is on standard output then. */
#define NOT_PREPARED 125

/* Ends what nsrun itself printed on standard output: all after it is the command's. */
#define READY "birgus: ready\n"

enum mode { NS, USERNS, CHROOT_NOTIFY, CHROOT, INPLACE };

/* What has to be made before something is mounted on it. */
enum stub { STUB_NONE, STUB_DIRECTORY, STUB_FILE };

struct placed {
  enum { BIND, MEMORY, CONTENT } kind;
  char *place;  /* absolute in the root, without links */
  char *source; /* BIND: path on the node; MEMORY: the size, or empty */
  enum stub stub;
  bool writable;
  bool program;        /* CONTENT: whether it may be executed */
  mode_t mode;         /* CONTENT */
  uid_t uid;           /* CONTENT */
  gid_t gid;           /* CONTENT */
  const char *content; /* CONTENT: points into the specification */
  size_t length;
};

struct specification {
  enum mode mode;
  char *root;
  char *directory;
  uid_t uid;
  gid_t gid;
  gid_t *groups;
  size_t group_count;
  char **arguments;   /* ends with NULL */
  char **environment; /* ends with NULL; NAME=value */
  char **cgroups;     /* ends with NULL; cgroup.procs files to put the command into */
  char *host_name;
  char *proc, *sys, *dev;  /* places in the root; only where something is mounted */
  char *resolver, *hosts;  /* the same; NULL if the root has no fitting place */
  bool insecure;           /* all capabilities, nothing hidden */
  bool no_network;
  unsigned grace;          /* milliseconds between SIGTERM and SIGKILL */
  struct placed *mounts;
  size_t mount_count;
  char *frame;             /* what was read */
  size_t frame_length;
};

/* Reads a specification from the file to its end. Fails if it is not one. */
void read_specification(int file, struct specification *into);

/* Forgets what was read: secrets may be in it. Only numbers, root and mode stay valid. */
void wipe_specification(struct specification *specification);

/* Makes the root of a command in new namespaces and enters it. */
void make_root(const struct specification *specification);

/* Brings the loopback interface of a new network up. */
void bring_up_loopback(void);

/*
 * Becomes the command, in the root that is its own already. With a socket, system calls on /proc
 * are handed to whoever is at its other end.
 */
_Noreturn void become_command(const struct specification *specification, int notify_socket);

/* Gives up all capabilities but those a command may have. */
void give_up_capabilities(void);

/* Takes the listener that the command sends; -1 if it was not sent. */
int receive_listener(int socket);

/* Makes this process the one that answers system calls in the root. */
void begin_answering(const char *root);

/* Answers one system call. */
void answer(int listener);

/* The parent of a process; 0 if there is no such process. */
pid_t parent_of(pid_t process);

/* The command "check": runs in a root and looks whether a command would find what it needs. */
int check(int argc, char **argv);

/* The command "sweep": ends all processes whose root is the folder or below it. */
int sweep(const char *folder);

/* Prints the sentence and what errno means to standard output, and ends this process. */
_Noreturn void fail(const char *sentence, ...) __attribute__((format(printf, 1, 2)));

/* The same without errno. */
_Noreturn void refuse(const char *sentence, ...) __attribute__((format(printf, 1, 2)));

/* The name of an error, such as EPERM; its number where the library does not tell. */
const char *error_name(int reason);

/* Memory, or the end. */
void *allocate(size_t size);

/* Writes all of it; false with errno if that cannot be done. */
bool write_all(int file, const void *bytes, size_t length);

#endif
