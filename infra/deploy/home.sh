#!/bin/sh
# Makes a birgus that needs nothing of the machine it runs on, for --isolation=inplace: a Java
# runtime, its C library, the jars and a program that starts it.
#
#   home.sh FOLDER [PLACE]   PLACE is where FOLDER will be found, /kaniko if nobody says so
#
# It takes jlink, patchelf, a C compiler with a static library, and the jars Maven has packaged, or
# those in the folder that BIRGUS_JARS names.
set -eu

home=$1
place=${2:-/kaniko}
here=$(CDPATH='' cd -- "${0%/*}" && pwd)
project=$here/../..
: "${JAVA_HOME:?names the JDK to take the runtime from}"

case $home in
  /*) ;;
  *) home=$PWD/$home ;;
esac
if [ -e "$home" ]; then
  echo "home.sh: $home is there already" >&2
  exit 1
fi
mkdir -p "$home/lib" "$home/libc" "$home/tmp"

# All a build may use at run time; Java says which of them a module needs itself.
"$JAVA_HOME/bin/jlink" --output "$home/jre" --strip-debug --no-header-files --no-man-pages \
  --add-modules java.base,java.logging,java.naming,java.net.http,java.xml,java.management,java.sql,java.security.jgss,java.security.sasl,jdk.crypto.ec,jdk.unsupported,jdk.zipfs,jdk.net
if [ -n "${BIRGUS_JARS:-}" ]; then
  cp "$BIRGUS_JARS"/*.jar "$home/lib/"
else
  cp "$project"/cli/target/birgus-cli-*.jar "$project"/cli/target/runtime-jars/*.jar "$home/lib/"
fi
rm -f "$home"/lib/*-tests.jar "$home"/lib/*-sources.jar

# The libraries of C, as the programs and libraries of Java name them, and those that are looked for
# only when a host name is.
loader=$(patchelf --print-interpreter "$home/jre/bin/java")
{
  find "$home/jre" -type f \( -name '*.so' -o -path '*/bin/*' -o -name jspawnhelper \) \
    -exec ldd {} + 2>/dev/null | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p'
  for name in libnss_dns.so.2 libnss_files.so.2 libresolv.so.2; do
    find "${loader%/*}/" /lib/*-linux-gnu -maxdepth 1 -name "$name" 2>/dev/null
  done
} | grep -v "^$home/" | sort -u | while read -r library; do
  cp -L "$library" "$home/libc/"
done
cp -L "$loader" "$home/libc/"
loader=${loader##*/}

for file in "$home"/jre/bin/* "$home/jre/lib/jspawnhelper"; do
  if patchelf --print-interpreter "$file" >/dev/null 2>&1; then
    patchelf --set-interpreter "$place/libc/$loader" "$file"
    patchelf --set-rpath "$place/jre/lib:$place/jre/lib/server:$place/libc" --force-rpath "$file"
  fi
done
find "$home/jre/lib" -name '*.so' | while read -r file; do
  patchelf --set-rpath "$place/jre/lib:$place/jre/lib/server:$place/libc" --force-rpath "$file"
done

jars=
for jar in "$home"/lib/*.jar; do
  jars="$jars:$place/lib/${jar##*/}"
done
cat >"$home/options" <<END
-XX:+UseSerialGC -XX:MaxRAMPercentage=50 -XX:-UsePerfData -Xlog:disable -Xlog:all=error:stderr
--enable-native-access=ALL-UNNAMED
-Djava.io.tmpdir=$place/tmp -Dbirgus.namespace=unwanted -Dbirgus.program=executor
-cp "${jars#:}"
END
cc -O2 -Wall -static -s -o "$home/executor" "$here/executor.c"
