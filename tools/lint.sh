#!/usr/bin/env bash
# Format, clang-tidy and shellcheck.
#
#   tools/lint.sh            clang-format on all C++ files, clang-tidy on those that changed
#   tools/lint.sh --all      clang-tidy on all of them (about 5 s a file and core)
#   tools/lint.sh --format   formats in place, checks nothing
#
# "Changed" is what differs from BASE; by default where this branch left origin/main, or, where it did not leave it,
# its last 10 commits. What is not committed counts too. clang-tidy reads the flags of build/test or build/dev.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.cc' '*.h')

if [ "${1:-}" = --format ]; then
    clang-format-14 -i "${sources[@]}"
    exit 0
fi

failed=0

echo "clang-format: ${#sources[@]} files"
clang-format-14 --dry-run -Werror "${sources[@]}" || failed=1

base_commit() {
    local head merge_base
    if [ -n "${BASE:-}" ]; then
        git rev-parse "$BASE"
        return
    fi
    head=$(git rev-parse HEAD)
    if merge_base=$(git merge-base HEAD origin/main 2>/dev/null) && [ "$merge_base" != "$head" ]; then
        echo "$merge_base"
        return
    fi
    git rev-parse --quiet --verify HEAD~10 || git rev-list --max-parents=0 HEAD | tail -n 1
}

# A changed header stands for the .cc beside it: there its diagnostics show.
changed_units() {
    {
        git diff --name-only --diff-filter=d "$(base_commit)" -- '*.cc' '*.h'
        git ls-files --others --exclude-standard '*.cc' '*.h'
    } | sed 's/\.h$/.cc/' | sort -u | while read -r file; do
        if [ -e "$file" ]; then echo "$file"; fi
    done
}

build=build/test
[ -e build/test/compile_commands.json ] || build=build/dev
if [ ! -e $build/compile_commands.json ]; then
    build=build/test
    cmake --preset test >/dev/null
fi

if [ "${1:-}" = --all ]; then
    mapfile -t units < <(git ls-files --cached --others --exclude-standard '*.cc')
else
    mapfile -t units < <(changed_units)
fi
# Only what is compiled here has flags to be read with.
mapfile -t units < <(for unit in "${units[@]}"; do
    if grep -qF "\"$PWD/$unit\"" $build/compile_commands.json; then echo "$unit"; fi
done)

tidy_one() {
    local output
    if ! output=$(clang-tidy-14 -p "$1" --quiet --extra-arg=-Wno-unknown-warning-option "$2" 2>&1); then
        printf '%s\n' "$output" | grep -vE '^[0-9]+ warnings? (and [0-9]+ errors? )?generated\.$|^Error while processing'
        return 1
    fi
}
export -f tidy_one

echo "clang-tidy: ${#units[@]} files"
if [ ${#units[@]} -gt 0 ]; then
    printf '%s\0' "${units[@]}" | xargs -0 -n 1 -P "$(nproc)" bash -c 'tidy_one "$0" "$1"' "$build" || failed=1
fi

if command -v shellcheck >/dev/null; then
    mapfile -t scripts < <(git ls-files --cached --others --exclude-standard '*.sh' .ci/run)
    echo "shellcheck: ${#scripts[@]} files"
    shellcheck --severity=warning "${scripts[@]}" || failed=1
fi

exit $failed
