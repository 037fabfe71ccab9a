FROM a
RUN <<EOF
set -e

# kept
echo "$x" \
  y
EOF
RUN b
