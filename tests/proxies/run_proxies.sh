#!/usr/bin/env bash
# Debian's nginx, HAProxy and Caddy in front of $FANFARE_BINARY, each with its recipe of docs/proxies.md.
#
# Those that the machine has not are unpacked once, under build/conformance/proxies, and not installed: an installed one
# would start, and listen.
set -euo pipefail
proxies=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
here=$proxies/../conformance
# shellcheck source=tests/conformance/common.sh
source "$here/common.sh"
require_binary
for tool in python3 openssl; do
  command -v "$tool" >/dev/null || { echo "proxies: $tool is missing; tools/install-dependencies.sh test installs it" >&2; exit 1; }
done

work=$(work_folder proxies)
PATH=$PATH:/usr/sbin:$work/root/usr/sbin:$work/root/usr/bin

missing=()
for proxy in nginx haproxy caddy; do
  command -v "$proxy" >/dev/null || missing+=("$proxy")
done

unpack() {
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || { echo "proxies: install ${missing[*]}; apt-get is not there" >&2; exit 1; }
  echo "Unpacking ${missing[*]} into $work"
  mkdir -p "$work/packages/partial" "$work/root"
  # With the libraries that this machine lacks. No lock is taken, since nothing of the system's is written.
  apt-get -qq -y -o Dir::Cache::archives="$work/packages" -o Debug::NoLocking=1 --no-install-recommends --download-only \
    install "${missing[@]}" >"$work/apt.log" 2>&1 || { tail -n 20 "$work/apt.log" >&2; exit 1; }
  for package in "$work"/packages/*.deb; do dpkg-deb --extract "$package" "$work/root"; done
  rm -rf "$work/packages"
}
once_at_a_time unpack

for folder in "$work"/root/usr/lib/*-linux-gnu; do
  if [ -d "$folder" ]; then export LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}; fi
done
export PATH
PYTHONPATH=$proxies/../integration python3 -B "$proxies/proxies_test.py" "$@"
