#!/bin/sh
# Compiles the launcher where a C compiler is; where none is, or it cannot link statically, RUN uses
# the programs of the node instead, and this is no failure.
#
#   build.sh FOLDER     the folder nsrun-<processor> and nsrun-<processor>.sha256 are put into
set -u

here=$(CDPATH='' cd -- "${0%/*}" && pwd)
folder=$1
[ "$(uname -s)" = Linux ] || exit 0
processor=$(uname -m)
program=$folder/nsrun-$processor
mkdir -p "$folder" || exit 1

if [ -f "$program.sha256" ] &&
  [ -z "$(find "$here" -newer "$program.sha256" -print -quit)" ]; then
  exit 0
fi
rm -f "$program" "$program.sha256"
for compiler in cc gcc clang; do
  if command -v $compiler >/dev/null 2>&1; then
    if $compiler -std=gnu17 -D_GNU_SOURCE -O2 -Wall -Wextra -Wno-format-truncation -static -s \
      -o "$program.new" "$here"/*.c; then
      set -- $(sha256sum "$program.new")
      mv "$program.new" "$program"
      echo "$1" >"$program.sha256"
      exit 0
    fi
    rm -f "$program.new"
  fi
done
echo "no C compiler with a static C library: built without nsrun, the launcher of RUN" >&2
exit 0
