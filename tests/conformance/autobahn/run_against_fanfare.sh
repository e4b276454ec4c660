#!/usr/bin/env bash
# Runs the Autobahn suite against the real binary:   run_against_fanfare.sh [--all | CASES...]
# Without a word: sections 1 to 7, 9 and 10, and of 12 and 13 (compression) the sample below; --all: the whole of them.
# The binary is $FANFARE_BINARY, or else the one in build/test. Installs into build/autobahn, starts the binary with its echo
# endpoint, and passes only if every case is OK or INFORMATIONAL, by behaviour and by close.
# Status: 0 well, 1 not, 2 the run proves nothing, 64 usage.
set -euo pipefail
autobahn=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$autobahn/../../.." && pwd)
work=${AUTOBAHN_DIR:-$root/build/autobahn}
binary=${FANFARE_BINARY:-$root/build/test/fanfare}
[ -x "$binary" ] || { echo "no server to test: $binary" >&2; exit 64; }
unset "${!FANFARE_@}" # settings to the server
plain=('1.*' '2.*' '3.*' '4.*' '5.*' '6.*' '7.*' '9.*' '10.*')
# Of each kind of text and of offer the short messages; of a few those of 128 KiB, whole and in fragments, too.
sample=()
for kind in 12.{1..5} 13.{1..7}; do sample+=("$kind".{1..5}); done
sample+=(12.2.10 12.2.18 13.1.10 13.1.18 13.5.10 13.5.18)
patience_s=900
case ${1:-} in
  '') set -- "${plain[@]}" "${sample[@]}" ;;
  --all)
    set -- "${plain[@]}" '12.*' '13.*'
    patience_s=3600
    ;;
esac

"$autobahn/install.sh" "$work"

run=$(mktemp -d)
finish() {
  if [ -n "${server:-}" ] && kill -0 "$server" 2>/dev/null; then kill "$server"; wait "$server" || true; fi
  rm -rf "$run"
}
trap finish EXIT

cat >"$run/fanfare.toml" <<'TOML'
[server]
drain_seconds = 1
echo_path = "/echo"
[log]
level = "warn"
[compression]
websocket = true
server_context_takeover = true
client_context_takeover = true
[[apps]]
id = "autobahn"
keys = [{ key = "autobahn", secret = "autobahn" }]
TOML
"$binary" serve --config "$run/fanfare.toml" --host 127.0.0.1 --port 0 --metrics-port 0 --data-dir "$run/data" \
  --ready-file "$run/ready.json" >"$run/log" 2>&1 &
server=$!
for _ in $(seq 1000); do
  [ -e "$run/ready.json" ] && break
  kill -0 "$server" 2>/dev/null || break
  sleep 0.01
done
[ -e "$run/ready.json" ] || { echo "the server did not become ready:" >&2; cat "$run/log" >&2; exit 2; }
port=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["port"])' "$run/ready.json")

# A case of compression sends 1,000 messages of up to 128 KiB, which Python takes its time for.
status=0
"$autobahn/run.sh" "$work" "ws://127.0.0.1:$port/echo" -o "$work/reports" -t "$patience_s" -w 240 "$@" || status=$?
if ! kill -0 "$server" 2>/dev/null; then echo "the server died during the run:" >&2; cat "$run/log" >&2; exit 1; fi
[ "$status" -eq 0 ] || exit "$status"

# run.sh is content with NON-STRICT; we are not.
python3 - "$work/reports" <<'PYTHON'
import json
import pathlib
import sys

index = json.loads((pathlib.Path(sys.argv[1]) / "index.json").read_text(encoding="utf-8"))
cases = next(iter(index.values()))
wanted = {"OK", "INFORMATIONAL"}
lax = [f"{name} {case['behavior']}/{case['behaviorClose']}" for name, case in cases.items()
       if not {case["behavior"], case["behaviorClose"]} <= wanted]
print(f"autobahn: {len(cases)} cases, {len(lax)} neither OK nor INFORMATIONAL {' '.join(sorted(lax))}".rstrip())
sys.exit(1 if lax or not cases else 0)
PYTHON
