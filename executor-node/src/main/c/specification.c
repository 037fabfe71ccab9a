/*
 * A specification is a sequence of fields: one byte that says which, four bytes of length (the most
 * significant first), the value. It ends with the field 0. Numbers in values have four bytes.
 */
#include "nsrun.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Secrets and scripts are in it; more than this is a mistake. */
#define LARGEST (64u << 20)
#define HEADER 5

struct value {
  const char *at;
  size_t length;
};

static uint32_t number_at(const char *at) {
  const unsigned char *bytes = (const unsigned char *)at;
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Takes a number from the front of a value. */
static uint32_t take_number(struct value *value) {
  if (value->length < 4) {
    refuse("a number is missing in the specification");
  }
  uint32_t number = number_at(value->at);
  value->at += 4;
  value->length -= 4;
  return number;
}

/* A copy that ends with a zero byte. */
static char *text(struct value value) {
  if (memchr(value.at, 0, value.length) != NULL) {
    refuse("a zero byte in a command, its environment or a path");
  }
  char *copy = allocate(value.length + 1);
  memcpy(copy, value.at, value.length);
  copy[value.length] = 0;
  return copy;
}

/* Takes a text with its length from the front of a value. */
static char *take_text(struct value *value) {
  uint32_t length = take_number(value);
  if (length > value->length) {
    refuse("a text is cut off in the specification");
  }
  struct value part = {value->at, length};
  value->at += length;
  value->length -= length;
  return text(part);
}

static void append(char ***list, size_t *count, char *text) {
  char **longer = realloc(*list, (*count + 2) * sizeof(char *));
  if (longer == NULL) {
    fail("memory");
  }
  longer[(*count)++] = text;
  longer[*count] = NULL;
  *list = longer;
}

static enum mode mode_named(const char *name) {
  static const char *const names[] = {"ns", "userns", "chroot-notify", "chroot", "inplace"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (strcmp(name, names[i]) == 0) {
      return (enum mode)i;
    }
  }
  refuse("no such mode: %s", name);
}

static struct placed *new_mount(struct specification *into) {
  struct placed *longer =
      realloc(into->mounts, (into->mount_count + 1) * sizeof(struct placed));
  if (longer == NULL) {
    fail("memory");
  }
  into->mounts = longer;
  struct placed *added = &longer[into->mount_count++];
  memset(added, 0, sizeof *added);
  return added;
}

static void take_mount(struct specification *into, char kind, struct value value) {
  struct placed *mount = new_mount(into);
  uint32_t stub = take_number(&value);
  if (stub > STUB_FILE) {
    refuse("no such stub: %u", stub);
  }
  mount->stub = (enum stub)stub;
  uint32_t flags = take_number(&value);
  mount->writable = flags & 1;
  mount->program = flags & 2;
  mount->place = take_text(&value);
  switch (kind) {
    case 'b':
      mount->kind = BIND;
      mount->source = take_text(&value);
      break;
    case 't':
      mount->kind = MEMORY;
      mount->source = take_text(&value);
      break;
    default:
      mount->kind = CONTENT;
      mount->mode = take_number(&value);
      mount->uid = take_number(&value);
      mount->gid = take_number(&value);
      mount->content = value.at;
      mount->length = value.length;
  }
}

static void take_group(struct specification *into, struct value value) {
  gid_t *longer = realloc(into->groups, (into->group_count + 1) * sizeof(gid_t));
  if (longer == NULL) {
    fail("memory");
  }
  longer[into->group_count++] = take_number(&value);
  into->groups = longer;
}

static void take_field(struct specification *into, char field, struct value value) {
  static size_t arguments, variables, cgroups;
  switch (field) {
    case 'm': into->mode = mode_named(text(value)); break;
    case 'r': into->root = text(value); break;
    case 'w': into->directory = text(value); break;
    case 'u': into->uid = take_number(&value); break;
    case 'g': into->gid = take_number(&value); break;
    case 'G': take_group(into, value); break;
    case 'a': append(&into->arguments, &arguments, text(value)); break;
    case 'e': append(&into->environment, &variables, text(value)); break;
    case 'c': append(&into->cgroups, &cgroups, text(value)); break;
    case 'h': into->host_name = text(value); break;
    case 'P': into->proc = text(value); break;
    case 'S': into->sys = text(value); break;
    case 'D': into->dev = text(value); break;
    case 'R': into->resolver = text(value); break;
    case 'H': into->hosts = text(value); break;
    case 'i': into->insecure = true; break;
    case 'n': into->no_network = true; break;
    case 'k': into->grace = take_number(&value); break;
    case 'b':
    case 't':
    case 's': take_mount(into, field, value); break;
    default: refuse("no such field: %d", field);
  }
}

static void read_to_end(int file, struct specification *into) {
  size_t room = 0;
  for (;;) {
    if (into->frame_length == room) {
      /* Not realloc: it could leave a copy of a secret behind. */
      size_t larger = room == 0 ? 64 * 1024 : room * 4;
      char *next = allocate(larger);
      if (room != 0) {
        memcpy(next, into->frame, room);
        explicit_bzero(into->frame, room);
        free(into->frame);
      }
      into->frame = next;
      room = larger;
    }
    ssize_t got = read(file, into->frame + into->frame_length, room - into->frame_length);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      fail("reading the specification");
    }
    if (got == 0) {
      return;
    }
    into->frame_length += (size_t)got;
    if (into->frame_length > LARGEST) {
      refuse("the specification is longer than %u bytes", LARGEST);
    }
  }
}

void read_specification(int file, struct specification *into) {
  memset(into, 0, sizeof *into);
  read_to_end(file, into);
  char *at = into->frame;
  size_t left = into->frame_length;
  for (;;) {
    if (left < HEADER) {
      refuse("the specification is cut off");
    }
    char field = at[0];
    size_t length = number_at(at + 1);
    at += HEADER;
    left -= HEADER;
    if (length > left) {
      refuse("field %d of the specification is cut off", field);
    }
    if (field == 0) {
      break;
    }
    take_field(into, field, (struct value){at, length});
    at += length;
    left -= length;
  }
  if (into->root == NULL || into->directory == NULL || into->arguments == NULL) {
    refuse("the specification has no root, no directory or no command");
  }
  if (into->environment == NULL) {
    into->environment = allocate(sizeof(char *));
    into->environment[0] = NULL;
  }
}

void wipe_specification(struct specification *specification) {
  explicit_bzero(specification->frame, specification->frame_length);
  for (char **each = specification->arguments; *each != NULL; each++) {
    explicit_bzero(*each, strlen(*each));
  }
  for (char **each = specification->environment; *each != NULL; each++) {
    explicit_bzero(*each, strlen(*each));
  }
}
