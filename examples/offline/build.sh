#!/bin/sh
# Builds an image on a machine that reaches no registry. The base image is made of what the machine
# has: its shell, a few tools and the libraries they need.
#
#   examples/offline/build.sh [FOLDER FOR WHAT IS MADE]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-build/demo}
mkdir -p "$out"
out=$(cd "$out" && pwd)

base=$(mktemp -d)
trap 'rm -rf "$base"' EXIT INT TERM

# A tool goes in under its own path, with every library and the loader it names.
add() {
  for file in "$1" $(ldd "$1" 2>/dev/null | tr -s ' \t' '\n\n' | grep '^/' || true); do
    case $file in *:) continue ;; esac
    [ -e "$base$file" ] && continue
    mkdir -p "$base$(dirname "$file")"
    cp -L "$file" "$base$file"
  done
}
for tool in sh cat sed mkdir uname id ls env; do
  found=$(command -v "$tool") || { echo "this machine has no $tool" >&2; exit 1; }
  add "$found"
done
# Machines where /bin is a link to /usr/bin find tools under both names; so does the image.
mkdir -p "$base/etc" "$base/tmp"
for folder in bin lib lib64; do
  if [ -L "/$folder" ] && [ -d "/usr/$folder" ]; then
    mkdir -p "$base/usr/$folder"
    [ -d "$base/$folder" ] && cp -a "$base/$folder/." "$base/usr/$folder/" && rm -rf "${base:?}/$folder"
    ln -s "usr/$folder" "$base/$folder"
  fi
done
chmod 1777 "$base/tmp"
echo 'root:x:0:0:root:/root:/bin/sh' > "$base/etc/passwd"
echo 'root:x:0:' > "$base/etc/group"
tar -C "$base" --numeric-owner --owner=0 --group=0 -cf "$out/base.tar" .

"$here/../../birgus" build \
  --context "$here" \
  --dockerfile "$here/Dockerfile" \
  --build-context "base=$out/base.tar" \
  --build-arg "READER=$(hostname)" \
  --destination birgus-example:latest \
  --no-push \
  --tar-path "$out/image.tar"

echo
echo "The image is in $out/image.tar. Try one of:"
echo "  docker load -i $out/image.tar && docker run --rm birgus-example"
echo "  podman load -i $out/image.tar && podman run --rm birgus-example"
echo "  skopeo inspect docker-archive:$out/image.tar"
