/*
 * What answers a command on /proc (notify.c) is made of: where its paths lead (targets.c), and what it
 * is told of mounts (seen_mounts.c).
 */
#ifndef ANSWERS_H
#define ANSWERS_H

#include "nsrun.h"

#define LONGEST 4096

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

/* The root of the command: its path, without links, and the directory itself. */
struct command_root {
  char path[LONGEST];
  size_t length;
  int folder;
};

extern struct command_root command_root;

/* The number of its process; a thread only knows its own. */
pid_t process_of(struct caller *caller);

/* Where a path of the caller leads, if that is into /proc or /sys. */
bool find_target(const char *path, bool follow, struct target *target);

/* Finds what is there, as a file that only names it; -1 with errno if there is nothing. */
int find(struct caller *caller, struct target *target);

/* Only what belongs to a process may be written to. */
bool may_be_written(const struct target *target);

/* Whether it is the list of mounts of a process, and in which of its two forms. */
bool is_mounts(const struct target *target, bool *information);

/* A list of mounts to read, as the command should see them. */
int open_mounts(bool information);

#endif
