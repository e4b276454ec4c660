# shellcheck shell=bash
# Shared by the runners: where they work, what they need, how they say that they cannot run.
# Sourced, never run; expects $here.

# Where $1 is installed, once for all build folders; made when missing.
work_folder() {
  # shellcheck disable=SC2154 # $here is set by whoever sources this
  mkdir -p "${CONFORMANCE_DIR:-$here/../../build/conformance}/$1"
  (cd "${CONFORMANCE_DIR:-$here/../../build/conformance}/$1" && pwd)
}

# ctest's SKIP_RETURN_CODE: the reason has been said.
skip() { echo "SKIPPED: $*"; exit 77; }

require_binary() {
  if [ ! -x "${FANFARE_BINARY:-}" ]; then
    echo "set FANFARE_BINARY to the server to test (found: '${FANFARE_BINARY:-}')" >&2
    exit 64
  fi
  FANFARE_BINARY=$(cd "$(dirname "$FANFARE_BINARY")" && pwd)/$(basename "$FANFARE_BINARY")
  export FANFARE_BINARY
}

# The packages of the file $2, by their hashes, in the virtual environment $1; made anew when the file, or Python, is another.
install_python_packages() {
  local stamp
  stamp=$(sha256sum <"$2" | cut -d' ' -f1)-$(python3 --version)
  if [ "$(cat "$1/stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "$1"
    python3 -m venv "$1"
    "$1/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$2"
    echo "$stamp" >"$1/stamp"
  fi
}

# Whether this machine has what the suites of the name $1 run with.
require_node() {
  local tool
  for tool in node npm; do
    command -v "$tool" >/dev/null || { echo "$1: $tool is missing; apt-get install nodejs npm" >&2; exit 1; }
  done
}

# The packages of the folder $2's package-lock.json, in the folder $1; made anew when the lock, or Node, is another.
install_node_packages() {
  local stamp
  stamp=$(cat "$2/package.json" "$2/package-lock.json" | sha256sum | cut -d' ' -f1)-$(node --version)
  cp "$2/package.json" "$2/package-lock.json" "$1/"
  if [ "$(cat "$1/stamp" 2>/dev/null)" != "$stamp" ]; then
    (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
    echo "$stamp" >"$1/stamp"
  fi
}

# Runs a command while no other runner installs.
once_at_a_time() {
  exec 9>"$(work_folder .)/install.lock"
  flock 9
  "$@"
  flock -u 9
  exec 9>&-
}
