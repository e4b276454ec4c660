#!/usr/bin/env bash
# Installs the SDK from a build folder and builds a project outside the tree with it, by CMake and by pkg-config.
#
#   package_test.sh BUILD_FOLDER CXX
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$1
cxx=$2

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake --install "$build" --component sdk --prefix "$work/prefix" >"$work/install.log"
# Moved, so that neither way works by a path that the build knows.
mv "$work/prefix" "$work/moved"
cp -r "$here/package" "$work/project"
cp -r "$here/../../../examples/cpp" "$work/example"

echo "headers stand alone"
for header in "$work"/moved/include/fanfare/*.h; do
    "$cxx" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Werror -I "$work/moved/include" -x c++ - <<<"#include <fanfare/$(basename "$header")>"
done

echo "find_package(fanfare)"
for project in project example; do
    cmake -S "$work/$project" -B "$work/build-$project" -G Ninja -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_PREFIX_PATH="$work/moved" >"$work/cmake.log" ||
        { cat "$work/cmake.log"; exit 1; }
    cmake --build "$work/build-$project" >"$work/build.log" || { cat "$work/build.log"; exit 1; }
done
"$work/build-project/outside"

echo "pkg-config --cflags --libs fanfare"
PKG_CONFIG_PATH=$(dirname "$(find "$work/moved" -name fanfare.pc)")
export PKG_CONFIG_PATH
read -ra cflags <<<"$(pkg-config --cflags fanfare)"
read -ra libs <<<"$(pkg-config --libs fanfare)"
"$cxx" -std=c++20 "${cflags[@]}" "$work/project/main.cc" -o "$work/outside" "${libs[@]}"
"$work/outside"

echo "no other library than these is needed"
needed=$(objdump -p "$work/outside" | sed -n 's/^ *NEEDED *//p' | grep -vE '^(libcurl|libsodium|libcrypto|libsimdjson|libstdc\+\+|libm|libgcc_s|libc)\.so' || true)
[ -z "$needed" ] || { echo "also needed: $needed"; exit 1; }
