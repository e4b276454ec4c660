#!/usr/bin/env bash
# Installs a server to compare with into build/peers, once. Exits with 3, and says why, where this machine cannot.
#
#   bench/compare/install_peer.sh soketi|sockudo
set -euo pipefail
cd "$(dirname "$0")/../.."

cannot() {
    echo "$1" >&2
    exit 3
}

case ${1:-} in
    soketi)
        command -v npm >/dev/null || cannot "npm is not installed"
        folder=build/peers/soketi
        mkdir -p "$folder"
        cp bench/compare/soketi/package.json "$folder/"
        [ -e "$folder/installed" ] && exit 0
        # No scripts: all they do here is to compile what is prebuilt.
        npm --prefix "$folder" install --ignore-scripts --no-audit --no-fund --loglevel=error >&2 ||
            cannot "npm could not install @soketi/soketi"
        (cd "$folder" && node -e '/native code/.test(require("uWebSockets.js").App) || process.exit(1)') 2>/dev/null ||
            cannot "there is no prebuilt uWebSockets.js for this Node ($(node --version)): use 16, 18 or 20"
        touch "$folder/installed"
        ;;
    sockudo)
        [ -x build/peers/sockudo/bin/sockudo ] && exit 0
        command -v cargo >/dev/null || cannot "there is no Rust toolchain"
        command -v protoc >/dev/null || cannot "protoc is missing: apt-get install protobuf-compiler"
        cargo install sockudo --version 5.2.0 --root build/peers/sockudo --quiet >&2 ||
            cannot "cargo could not install sockudo"
        ;;
    *)
        sed -n '2,4s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac
