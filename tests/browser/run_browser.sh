#!/usr/bin/env bash
# pusher-js's web build in Chromium against $FANFARE_BINARY. The packages of package-lock.json are installed once, under
# build/conformance/browser; Chromium is Debian's: tools/install-dependencies.sh browser.
set -euo pipefail
browser=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
here=$browser/../conformance
# shellcheck source=tests/conformance/common.sh
source "$here/common.sh"
require_binary
require_node browser
CHROMIUM=${CHROMIUM:-$(command -v chromium || true)}
[ -n "$CHROMIUM" ] || skip "browser: no chromium; tools/install-dependencies.sh browser installs it"
export CHROMIUM

work=$(work_folder browser)
once_at_a_time install_node_packages "$work" "$browser"

suites=$(mktemp -d "$work/run.XXXXXX")
trap 'rm -rf "$suites"' EXIT
cp "$browser/package.json" "$browser"/*.test.js "$here/js/run.js" "$suites/"
cp -r "$here/js/support" "$suites/support"
cp "$browser"/support/*.js "$suites/support/"
cd "$suites"
if [ $# -eq 0 ]; then set -- *.test.js; fi
node run.js "$@"
