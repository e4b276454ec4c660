#!/usr/bin/env bash
# Runs the Go suite against $FANFARE_BINARY:   run_go.sh [go test arguments]...
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/conformance/common.sh
source "$here/common.sh"
require_binary
command -v go >/dev/null || skip "conformance/go: no Go toolchain (go) on this machine"

install_go() { (cd "$here/go" && go mod download); }
once_at_a_time install_go
cd "$here/go"
exec go test -mod=readonly -count=1 "$@" ./...
