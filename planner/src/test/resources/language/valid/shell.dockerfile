FROM a
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
