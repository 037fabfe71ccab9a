#!/bin/sh
# Makes the folder birgus runs from: jars, the JVM's options and its start-up cache.
#
#   build-runtime.sh PROJECT RUNTIME
#
# RUNTIME is complete when the file "made" is in it.
set -eu

project=$1
runtime=$2
scripts=$project/cli/src/main/scripts

say() { printf '%s\n' "birgus: $*" >&2; }

. "$scripts/find-jdk.sh"
if ! find_jdk; then
  jdk_missing
  exit 1
fi

mkdir -p "${runtime%/*}"
log=${runtime%/*}/build.log

# Two first uses at once must not build into each other.
if command -v flock >/dev/null 2>&1; then
  exec 9>"${runtime%/*}/lock"
  flock 9
fi
stamp=${runtime%/*}/stamp.$$
new=${runtime%/*}/runtime.$$
trap 'rm -rf "$stamp" "$stamp.code" "$new"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
: >"$stamp"

compile() {
  say "building from source, about a minute the first time (log: $log)"
  # The pipe shows which module is being built; the exit code is kept in a file.
  {
    code=0
    rm -rf "$project/cli/target/runtime-jars"
    JAVA_HOME=$jdk "$project/mvnw" -B -f "$project/pom.xml" -pl cli -am package \
      -DskipTests 2>&1 9>&- || code=$?
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
  mkdir -p "$new/lib"
  cp "$project"/cli/target/birgus-cli-*.jar "$project"/cli/target/runtime-jars/*.jar "$new/lib/"
  rm -f "$new"/lib/*-tests.jar "$new"/lib/*-sources.jar
  cp "$scripts/find-jdk.sh" "$new/find-jdk.sh"
  echo "$jdk" >"$new/jdk"
  # Serial: the fewest threads and the least memory for a process that lives for seconds. Both
  # compilers: only the second one has fast SHA-256, by a factor of fifteen. No messages about the
  # start-up cache: without it everything works, only later.
  jars=
  for jar in "$new"/lib/*.jar; do
    jars="$jars:\$runtime/lib/${jar##*/}"
  done
  cat >"$new/options.sh" <<EOF
jvm_options="-XX:+UseSerialGC -XX:MaxRAMPercentage=50 -XX:-UsePerfData
 -Xlog:disable -Xlog:all=error,aot=off,cds=off:stderr --enable-native-access=ALL-UNNAMED"
class_path="${jars#:}"
EOF
}

# One run that does a little of everything, so that its classes are in the cache. It happens in the
# final place: the cache is good for jars at exactly these paths.
rehearse() {
  folder=$runtime/rehearsal
  mkdir -p "$folder"
  . "$runtime/options.sh"
  # shellcheck disable=SC2086 # options are words
  if ! LC_ALL=C.UTF-8 "$jdk/bin/java" $jvm_options "-XX:AOTCacheOutput=$runtime/birgus.aot" \
    -cp "$class_path" dev.birgus.cli.Rehearsal "$folder" >"$folder/log" 2>&1; then
    say "note: no start-up cache could be made; starting takes longer (see $log)"
    cat "$folder/log" >>"$log"
  fi
  rm -rf "$folder"
}

# Somebody else may have finished while we waited for the lock.
if [ -f "$runtime/made" ] && [ -z "$(find "$project"/pom.xml "$project"/*/pom.xml \
  "$project"/*/src/main -newer "$runtime/made" -print -quit)" ]; then
  exit 0
fi
compile
collect
rm -rf "$runtime"
mv "$new" "$runtime"
rehearse
# The time before compiling, so that what was changed meanwhile counts as newer. Without this file
# the folder is not used.
mv "$stamp" "$runtime/made"
