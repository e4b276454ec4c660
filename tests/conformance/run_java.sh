#!/usr/bin/env bash
# Runs the Java suite against $FANFARE_BINARY:   run_java.sh [mvn arguments]...
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/conformance/common.sh
source "$here/common.sh"
require_binary
command -v javac >/dev/null || skip "conformance/java: no Java compiler (javac) on this machine"
command -v mvn >/dev/null || skip "conformance/java: no Maven (mvn) on this machine"

work=$(work_folder java)
maven=(mvn -B -ntp -f "$here/java/pom.xml" "-Dwork=$work" -Dsurefire.trimStackTrace=true -Dstyle.color=never)
# Most of what the tests need is fetched here, one runner at a time; Surefire fetches its provider on the first real run.
install_java() {
  stamp=$(sha256sum <"$here/java/pom.xml" | cut -d' ' -f1)-${HOME}
  if [ "$(cat "$work/stamp" 2>/dev/null)" != "$stamp" ]; then
    "${maven[@]}" -q test -DskipTests
    echo "$stamp" >"$work/stamp"
  fi
}
once_at_a_time install_java
exec "${maven[@]}" test "$@"
