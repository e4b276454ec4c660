#!/usr/bin/env bash
# Runs every micro-benchmark and prints one table. They time single functions in this process; what a whole server
# delivers per second under load is another question, which they do not answer.
set -euo pipefail
cd "$(dirname "$0")/.."

ran=0
for binary in build/bench/bench/bench_*; do
    [ -x "$binary" ] || continue
    ran=$((ran + 1))
    printf '\n== %s\n' "${binary##*/bench_}"
    "$binary" --benchmark_min_time=0.2 2>/dev/null
done
if [ $ran = 0 ]; then
    echo "no benchmarks were built" >&2
    exit 2
fi
