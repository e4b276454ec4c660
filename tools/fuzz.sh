#!/usr/bin/env bash
# Runs libFuzzer targets: tools/fuzz.sh SECONDS [TARGET]. What a target finds new goes to build/fuzz/found/<target>, what
# crashes it to build/fuzz/crashes/<target>; an input worth keeping is copied to tests/fuzz/corpus/<target> by hand.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?seconds for each target}
only=${2:-}
status=0
ran=0
for binary in build/fuzz/fuzz/fuzz_*; do
    [ -x "$binary" ] || continue
    target=${binary##*/fuzz_}
    [ -z "$only" ] || [ "$only" = "$target" ] || continue
    ran=$((ran + 1))
    corpus=tests/fuzz/corpus/$target
    found=build/fuzz/found/$target
    crashes=build/fuzz/crashes/$target
    mkdir -p "$found" "$crashes"
    inputs=("$found")
    [ ! -d "$corpus" ] || inputs+=("$corpus")
    printf '== %s for %s s\n' "$target" "$seconds"
    log=$crashes/log
    if "$binary" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$crashes/" "${inputs[@]}" >"$log" 2>&1; then
        grep -E '^stat::number_of_executed_units|^stat::new_units_added' "$log" || true
    else
        tail -n 40 "$log"
        printf '%s failed; its input is in %s\n' "$target" "$crashes" >&2
        status=1
    fi
done
if [ $ran = 0 ]; then
    echo "no fuzz target${only:+ called $only}" >&2
    exit 2
fi
exit $status
