# Read by the launcher, and by a JVM that was started without it. become PROGRAM [ARGUMENT...] turns
# this process into the program, in namespaces of its own where that is possible:
#
#   root with CAP_SYS_ADMIN   a mount namespace: its mounts are gone when it is, even by kill -9
#   root without              a user namespace with the same ids, and a mount namespace
#   somebody else             a user namespace in which they are root, with the ids /etc/subuid and
#                             /etc/subgid give them, and a mount namespace
#
# It stays the same process: signals, terminal, standard input, exit code and working directory are
# what they were. What became of it is the program's first argument, -Dbirgus.namespace=STATE.

become() {
  program=$1
  shift
  if [ -n "${BIRGUS_NO_UNSHARE:-}" ]; then
    exec "$program" -Dbirgus.namespace=unwanted "$@"
  fi
  while read -r key value _ rest; do
    case $key in
      Uid:) uid=$value ;;
      Gid:) gid=$value ;;
      CapEff:) capabilities=$value ;;
      NoNewPrivs:) no_new_privileges=$value && break ;;
    esac
  done 2>/dev/null </proc/self/status
  # Bit 21 is CAP_SYS_ADMIN.
  case ${uid:-}-${capabilities:-} in
    0-*[2367abef]?????)
      if unshare --mount --propagation slave true 2>/dev/null; then
        exec unshare --mount --propagation slave -- "$program" -Dbirgus.namespace=mount "$@"
      fi
      ;;
  esac
  if map_ids && holder_of_namespaces; then
    if write_maps; then
      exec nsenter --target "$holder" --user --mount --wd -- \
        sh -c 'kill "$1"; shift; exec "$@"' sh "$holder" \
        "$program" -Dbirgus.namespace=user "-Dbirgus.user=$uid" "$@"
    fi
    kill "$holder" 2>/dev/null
  fi
  exec "$program" -Dbirgus.namespace=refused "-Dbirgus.namespace.reason=$refused" "$@"
}

# Sets $uids and $gids to what a user namespace of ours would have.
map_ids() {
  refused='/proc/self/status does not tell who we are'
  [ -n "${uid:-}" ] && [ -n "${capabilities:-}" ] || return
  if [ "$uid" = 0 ]; then
    # Bits 6 and 7 are CAP_SETGID and CAP_SETUID.
    refused='mapping ids takes the capabilities SETUID and SETGID'
    case $capabilities in *[cdef]?) ;; *) return 1 ;; esac
    uids=$(same_ids /proc/self/uid_map) && gids=$(same_ids /proc/self/gid_map)
    return
  fi
  refused='this machine has no newuidmap and newgidmap: install the package uidmap or shadow-utils'
  command -v newuidmap >/dev/null && command -v newgidmap >/dev/null || return
  name=$(id -un 2>/dev/null) || name=$uid
  uids=$(ranges /etc/subuid "$uid") && gids=$(ranges /etc/subgid "$gid") && return
  refused="the user $name has no further ids; let root run: usermod --add-subuids 100000-165535 \
--add-subgids 100000-165535 $name, or add the line $name:100000:65536 to /etc/subuid and /etc/subgid"
  return 1
}

same_ids() {
  while read -r first _ count; do
    echo "$first $first $count"
  done <"$1"
}

# We are 0, and the rest follows.
ranges() {
  all="0 $2 1"
  next=1
  found=
  while IFS=: read -r who first count _; do
    if [ "$who" = "$name" ] || [ "$who" = "$uid" ]; then
      all="$all $next $first $count"
      next=$((next + count))
      found=yes
    fi
  done 2>/dev/null <"$1"
  [ -n "$found" ] && echo "$all"
}

# Sets $holder to a process that lives in new namespaces. It closes what it was given to write to,
# so that the shell does not wait for its end.
holder_of_namespaces() {
  refused='this machine has no unshare and nsenter: install util-linux'
  command -v unshare >/dev/null && command -v nsenter >/dev/null || return
  limit=
  command -v timeout >/dev/null && limit='timeout 2'
  holder=$($limit unshare --user --mount --propagation slave sh -c \
    'sleep 10 </dev/null >/dev/null 2>&1 & echo $!' 2>&1)
  case $holder in
    '' | *[!0-9]*)
      refused="a user namespace is not allowed here: $holder"
      return 1
      ;;
  esac
}

write_maps() {
  if [ "$uid" = 0 ]; then
    # One write each: the kernel takes no second one.
    refused='the kernel refused to map ids'
    { printf '%s\n' "$uids" >"/proc/$holder/uid_map" &&
      printf '%s\n' "$gids" >"/proc/$holder/gid_map"; } 2>/dev/null
    return
  fi
  # shellcheck disable=SC2086 # ranges are words
  refused=$(newuidmap "$holder" $uids 2>&1 && newgidmap "$holder" $gids 2>&1) && return
  if [ "${no_new_privileges:-0}" = 1 ]; then
    refused="$refused (no_new_privs is set, as allowPrivilegeEscalation: false does)"
  fi
  return 1
}
