#!/usr/bin/env bash
# Builds build/profiled/fanfare: the release binary, optimised by a profile of its load. A recording build counts which
# way its branches go under bench/profile/train.py; the second build uses the counts. Takes twice the time of a build, and
# nothing where nothing has changed.
set -euo pipefail
cd "$(dirname "$0")/.."

recording=build/record/fanfare
profiled=build/profiled/fanfare

echo "== 1 of 3: a build that records"
cmake --preset record >/dev/null
cmake --build --preset record

# The build tool does not know counts as inputs: with others, all is compiled anew.
clean=--clean-first
if [ "$profiled" -nt "$recording" ] && [ "$profiled" -nt bench/profile/train.py ]; then
    echo "== 2 of 3: its profile is there"
    clean=""
else
    echo "== 2 of 3: its load"
    rm -rf build/record/profile
    bench/profile/train.py "$recording"
    if [ -z "$(find build/record/profile -name '*.gcda' -print -quit 2>/dev/null)" ]; then
        echo "$recording wrote no profile to build/record/profile" >&2
        exit 1
    fi
fi

echo "== 3 of 3: the build by that profile"
cmake --preset profiled >/dev/null
cmake --build --preset profiled $clean
