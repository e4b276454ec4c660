#!/usr/bin/env bash
# Runs the Python suite against $FANFARE_BINARY:   run_python.sh [unittest arguments]...
# The packages of python/requirements.txt go into a virtual environment under build/conformance, by hash.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/conformance/common.sh
source "$here/common.sh"
require_binary
command -v python3 >/dev/null || { echo "conformance/python: python3 is missing; apt-get install python3 python3-venv" >&2; exit 1; }

venv=$(work_folder python)/venv
install_python() {
  stamp=$(sha256sum <"$here/python/requirements.txt" | cut -d' ' -f1)-$(python3 --version)
  if [ "$(cat "$venv/stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$here/python/requirements.txt"
    echo "$stamp" >"$venv/stamp"
  fi
}
once_at_a_time install_python

cd "$here/python"
export PYTHONDONTWRITEBYTECODE=1
if [ $# -eq 0 ]; then set -- discover -q; fi
exec "$venv/bin/python" -W error::SyntaxWarning -m unittest "$@"
