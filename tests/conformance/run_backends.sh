#!/usr/bin/env bash
# Runs `fanfare gateway` of $FANFARE_BINARY and examples/fastapi-backend through the same JavaScript suite. The packages of the
# example's requirements.txt go into a virtual environment under build/conformance, by hash.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/conformance/common.sh
source "$here/common.sh"
require_binary
command -v python3 >/dev/null || { echo "conformance/backends: python3 is missing; apt-get install python3 python3-venv" >&2; exit 1; }

FANFARE_FASTAPI_FOLDER=$(cd "$here/../../examples/fastapi-backend" && pwd)
venv=$(work_folder fastapi)/venv
once_at_a_time install_python_packages "$venv" "$FANFARE_FASTAPI_FOLDER/requirements.txt"

FANFARE_FASTAPI_PYTHON=$venv/bin/python
export FANFARE_FASTAPI_FOLDER FANFARE_FASTAPI_PYTHON
exec "$here/run_js.sh" backends/backends.test.js
