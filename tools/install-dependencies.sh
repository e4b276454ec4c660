#!/usr/bin/env bash
# Installs the Debian 12 packages that are missing, and nothing when none is.
#
#   tools/install-dependencies.sh [build|profile|test|browser|lint|fuzz|bench|gate]...     default: build
#
# `build` is part of every other set. Packages are added with apt, through sudo where you are not root; none is ever
# removed. Go and Java are never installed: tests that want them say that they skip.
set -euo pipefail

packages=(
    build-essential cmake ninja-build pkg-config
    libboost-dev             # Beast: the HTTP parser
    libcli11-dev             # command line
    libcurl4-openssl-dev     # outgoing HTTP
    libfmt-dev libspdlog-dev # logs
    libjwt-dev               # signatures of JSON Web Tokens
    libsimdjson-dev          # JSON
    libsodium-dev            # end-to-end encryption, in the SDK
    libssl-dev               # HMAC, digests, TLS
    libtomlplusplus-dev      # configuration file
    liburing-dev             # many sends a system call
    prometheus-cpp-dev       # metrics page
    robin-map-dev            # flat hash tables
    zlib1g-dev               # compression: WebSocket messages, HTTP answers
)

has() { command -v "$1" >/dev/null 2>&1; }

add_set() {
    case $1 in
        build) ;;
        profile)
            if ! has python3; then packages+=(python3); fi
            ;;
        test)
            packages+=(libgtest-dev libgmock-dev
                openssl) # makes certificates
            # The machine's own Node and Python do as well: Debian's never replace them.
            if ! has node; then packages+=(nodejs npm); elif ! has npm; then packages+=(npm); fi
            if ! has python3; then
                packages+=(python3 python3-venv)
            elif ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
                packages+=(python3-venv)
            fi
            ;;
        browser)
            packages+=(chromium)
            if ! has node; then packages+=(nodejs npm); elif ! has npm; then packages+=(npm); fi
            ;;
        lint) packages+=(clang-format-14 clang-tidy-14 shellcheck) ;;
        fuzz) packages+=(clang-14 libclang-rt-14-dev llvm-14) ;;
        bench)
            packages+=(libbenchmark-dev
                gnuplot-nox) # --plot
            # To run soketi, which is compared with; and the comparison itself.
            if ! has node; then packages+=(nodejs npm); elif ! has npm; then packages+=(npm); fi
            if ! has python3; then packages+=(python3); fi
            ;;
        gate)
            packages+=(valgrind) # counts instructions
            if ! has python3; then packages+=(python3); fi
            ;;
        *)
            sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
            exit 2
            ;;
    esac
}

for wanted in "${@:-build}"; do add_set "$wanted"; done

installed=""
if has dpkg-query; then
    installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "${packages[@]}" 2>/dev/null |
        sed -n 's/^installed //p') || true # a package that dpkg never heard of is an error to it, and missing to us
fi
missing=()
for package in "${packages[@]}"; do
    grep -qxF "$package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

refuse() {
    printf 'install-dependencies: %s\nMissing, by their Debian 12 names:\n    %s\n' "$1" "${missing[*]}" >&2
    exit 1
}

system=$(. /etc/os-release 2>/dev/null && echo "${ID:-unknown} ${VERSION_ID:-}") || system="an unknown system"
[ "$system" = "debian 12" ] || refuse "this is $system, and only Debian 12 is known here; install the libraries your system's way."
has apt-get || refuse "apt-get is not there."
if [ "$(id -u)" = 0 ]; then
    as_root=(env)
elif has sudo; then
    as_root=(sudo env)
else
    refuse "you are not root and sudo is not there; as root run: apt-get install --no-remove ${missing[*]}"
fi

printf 'Installing %d packages: %s\n' "${#missing[@]}" "${missing[*]}"
apt() {
    "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" </dev/null
}
apt update
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! apt --no-remove --no-install-recommends install "${missing[@]}" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    refuse "apt-get could not install them; its last lines are above."
fi
