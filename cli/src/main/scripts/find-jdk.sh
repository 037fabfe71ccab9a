# Sourced by birgus and mvnw. find_jdk sets $jdk to the home of a JDK 25 and fails if there is none.
# The version is read from the JDK's release file: starting a JVM to ask would cost as much as a
# short command.

is_jdk_25() {
  [ -n "$1" ] && [ -x "$1/bin/java" ] || return 1
  if [ -r "$1/release" ]; then
    while IFS= read -r line; do
      case $line in
        JAVA_VERSION=\"25 | JAVA_VERSION=\"25[.\"+-]*) return 0 ;;
      esac
    done <"$1/release"
    return 1
  fi
  case $("$1/bin/java" -version 2>&1) in
    *'version "25'*) return 0 ;;
  esac
  return 1
}

find_jdk() {
  if is_jdk_25 "${JAVA_HOME:-}"; then
    jdk=$JAVA_HOME
    return 0
  fi
  on_path=$(command -v java 2>/dev/null || true)
  if [ -n "$on_path" ]; then
    on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
    on_path=${on_path%/bin/java}
    if is_jdk_25 "$on_path"; then
      jdk=$on_path
      return 0
    fi
  fi
  for folder in /usr/lib/jvm/*25* /opt/*25* /opt/java/* /opt/jdk* /usr/local/*jdk* \
    "${HOME:-}"/.sdkman/candidates/java/25* "${HOME:-}"/.jdks/*25* \
    /Library/Java/JavaVirtualMachines/*25*/Contents/Home \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*25*/Contents/Home; do
    if is_jdk_25 "$folder"; then
      jdk=$folder
      return 0
    fi
  done
  return 1
}

jdk_missing() {
  cat >&2 <<'EOF'
birgus: a JDK 25 is needed and was not found in JAVA_HOME, in PATH or in the usual folders.
Install one, or set JAVA_HOME to where it is:
  Debian, Ubuntu   apt-get install openjdk-25-jdk-headless
  Fedora           dnf install java-25-openjdk-devel
  Alpine           apk add openjdk25
  macOS            brew install openjdk@25
  SDKMAN!          sdk install java 25-tem
EOF
}
