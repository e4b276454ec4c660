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
once_at_a_time install_python_packages "$venv" "$here/python/requirements.txt"

cd "$here/python"
export PYTHONDONTWRITEBYTECODE=1
if [ $# -eq 0 ]; then set -- discover -q; fi
exec "$venv/bin/python" -W error::SyntaxWarning -m unittest "$@"
