#!/bin/sh
# Makes a folder birgus runs from: jars, the JVM's options and its start-up cache.
#
#   build-runtime.sh PROJECT FOLDER
#
# Each build has a folder of its own in FOLDER, and the file "current" names the last one that is
# complete. What runs from an older one runs on: the one before is kept, and others while in use.
set -eu

project=$1
all=$2
runtime=$all/$(date +%s)-$$
scripts=$project/cli/src/main/scripts

say() { printf '%s\n' "birgus: $*" >&2; }

. "$scripts/find-jdk.sh"
if ! find_jdk; then
  jdk_missing
  exit 1
fi

mkdir -p "${all%/*}"
log=${all%/*}/build.log

# Two first uses at once must not build into each other.
if command -v flock >/dev/null 2>&1; then
  exec 9>"${all%/*}/lock"
  flock 9
fi
stamp=${all%/*}/stamp.$$
unfinished=$runtime
trap 'rm -rf "$stamp" "$stamp.code" "$unfinished"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
: >"$stamp"

compile() {
  say "building from source, about a minute the first time (log: $log)"
  # The pipe shows which module is being built; the exit code is kept in a file.
  {
    code=0
    rm -rf "$project/cli/target/runtime-jars" "$project/cli/target/server-jars"
    JAVA_HOME=$jdk "$project/mvnw" -B -f "$project/pom.xml" -pl cli -am package \
      -Dmaven.test.skip=true 2>&1 9>&- || code=$?
    echo "$code" >"$stamp.code"
  } | tee "$log" | sed -n 's/^\[INFO\] Building \(birgus .*\)  *\[\(.*\)\]$/birgus:   \2 \1/p' >&2
  code=$(cat "$stamp.code")
  rm -f "$stamp.code"
  if [ "$code" != 0 ]; then
    grep -a '^\[ERROR\]\|^mvnw:' "$log" | head -n 20 >&2
    say "building failed; all that Maven said is in $log"
    exit 1
  fi
}

collect() {
  mkdir -p "$runtime/lib/server"
  cp "$project"/cli/target/birgus-cli-*.jar "$project"/cli/target/runtime-jars/*.jar "$runtime/lib/"
  cp "$project"/cli/target/server-jars/*.jar "$runtime/lib/server/"
  rm -f "$runtime"/lib/*-tests.jar "$runtime"/lib/*-sources.jar
  cp "$scripts/find-jdk.sh" "$scripts/namespaces.sh" "$scripts/compile-soon" "$runtime/"
  echo "$jdk" >"$runtime/jdk"
  # Serial: the fewest threads and the least memory for a process that lives for seconds. Both
  # compilers: only the second one has fast SHA-256, by a factor of fifteen. It is asked later than
  # usual, though: what runs some ten thousand times, once for each file of a context, takes longer
  # to compile well than to run. What calls the processor's instructions for TLS and SHA-256 is
  # compiled at once (compile-soon): until then they are done without, at a tenth of the speed. No
  # messages about the start-up cache: without it everything works, only later.
  jars=
  for jar in "$runtime"/lib/*.jar; do
    jars="$jars:\$runtime/lib/${jar##*/}"
  done
  # What only a server needs comes behind what every command has: the cache is good for that too.
  server_jars=
  for jar in "$runtime"/lib/server/*.jar; do
    server_jars="$server_jars:\$runtime/lib/server/${jar##*/}"
  done
  cat >"$runtime/options.sh" <<EOF
jvm_options="-XX:+UseSerialGC -XX:MaxRAMPercentage=50 -XX:-UsePerfData
 -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=20000
 -XX:Tier4CompileThreshold=100000 -XX:Tier4BackEdgeThreshold=200000
 -Xlog:disable -Xlog:all=error,aot=off,cds=off:stderr --enable-native-access=ALL-UNNAMED"
class_path="${jars#:}"
server_options="--sun-misc-unsafe-memory-access=allow"
server_class_path="${server_jars#:}"
EOF
}

# One run that does a little of everything, so that its classes are in the cache. It happens in the
# final place: the cache is good for jars at exactly these paths.
rehearse() {
  folder=$runtime/rehearsal
  mkdir -p "$folder"
  . "$runtime/options.sh"
  # Commands are run where that leaves nothing behind, and there is a shell that needs no libraries.
  apart=
  shell=
  if unshare --mount --propagation slave true 2>/dev/null; then
    apart='unshare --mount --propagation slave --'
    shell=$(command -v busybox || true)
  fi
  # shellcheck disable=SC2086 # options are words
  if ! LC_ALL=C.UTF-8 $apart "$jdk/bin/java" $jvm_options "-XX:AOTCacheOutput=$runtime/birgus.aot" \
    "-XX:CompileCommandFile=$runtime/compile-soon" -cp "$class_path" dev.birgus.cli.Rehearsal "$folder" $shell >"$folder/log" 2>&1; then
    say "note: no start-up cache could be made; starting takes longer (see $log)"
    cat "$folder/log" >>"$log"
  fi
  rm -rf "$folder"
}

# What started before the last two were made has found its jars; that it still runs is seen by its
# command line.
remove_old() {
  kept=0
  for old in $(ls -1t "$all"); do
    [ -d "$all/$old" ] || continue
    kept=$((kept + 1))
    if [ "$kept" -gt 2 ] && [ "$all/$old" != "$runtime" ] &&
      ! grep -qsF "$all/$old/" /proc/[0-9]*/cmdline; then
      rm -rf "${all:?}/$old"
    fi
  done
}

# Somebody else may have finished while we waited for the lock.
current=
[ -r "$all/current" ] && read -r current <"$all/current"
if [ -n "$current" ] && [ -f "$all/$current/made" ] && [ -z "$(find "$project"/pom.xml \
  "$project"/*/pom.xml "$project"/*/src/main -newer "$all/$current/made" -print -quit)" ]; then
  exit 0
fi
compile
mkdir -p "$all"
collect
rehearse
# The time before compiling, so that what was changed meanwhile counts as newer. Without this file
# the folder is not used.
mv "$stamp" "$runtime/made"
unfinished=$all/current.$$
echo "${runtime##*/}" >"$unfinished"
mv "$unfinished" "$all/current"
remove_old
