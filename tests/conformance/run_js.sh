#!/usr/bin/env bash
# Runs the JavaScript suites against $FANFARE_BINARY:   run_js.sh [FILES below js/]...
# The packages of js/package-lock.json are installed once, beside a copy of the suites, under build/conformance/js.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/conformance/common.sh
source "$here/common.sh"
require_binary
require_node conformance/js

work=$(work_folder js)
# The packages stay; the suites are copied, so that the source tree holds no node_modules.
once_at_a_time install_node_packages "$work" "$here/js"

suites=$(mktemp -d "$work/run.XXXXXX")
trap 'rm -rf "$suites"' EXIT
cp "$here/js/package.json" "$here/js/run.js" "$suites/"
for folder in support raw pusher_js sdk cpp_sdk echo backends; do cp -r "$here/js/$folder" "$suites/"; done
cd "$suites"
if [ $# -eq 0 ]; then set -- raw/*.test.js pusher_js/*.test.js sdk/*.test.js cpp_sdk/*.test.js echo/*.test.js; fi
node run.js "$@"
