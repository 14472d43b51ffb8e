# SPDX-License-Identifier: Apache-2.0
# Shared by the scripts beside it; sourced, never run. Sets ROOT, LOGS and a PATH with a Node that is new enough.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
LOGS=$ROOT/build/logs
NODE_PROJECTS=(examples/nextjs-express tests/e2e tests/conformance/next_auth)
export NEXT_TELEMETRY_DISABLED=1
mkdir -p "$LOGS"

# Scripts that call each other count from the first one's start.
export SALLYPORT_STARTED=${SALLYPORT_STARTED:-$(date +%s)}
elapsed() { local t=$(($(date +%s) - SALLYPORT_STARTED)); printf '%d:%02d' $((t / 60)) $((t % 60)); }
say() { printf '[%5s] %s\n' "$(elapsed)" "$*"; }
heading() { printf '\n[%5s] == %s\n' "$(elapsed)" "$*"; }
die() { printf '[%5s] error: %s\n' "$(elapsed)" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# quietly LABEL LOGNAME COMMAND... : output goes to build/logs/LOGNAME.log, a line of progress every 15 s; on failure its end
# is shown and the command's exit code returned.
quietly() {
  local label=$1 log=$LOGS/$2.log start=$SECONDS pid status=0 ticks=0
  shift 2
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    ticks=$((ticks + 1))
    if [ $((ticks % 75)) -eq 0 ]; then say "  $label … $(tail -c 400 "$log" | tr '\r' '\n' | grep -v '^ *$' | tail -n 1 | cut -c1-100)"; fi
  done
  wait "$pid" || status=$?
  if [ "$status" -ne 0 ]; then
    say "$label failed (exit $status); the end of $log:"
    tail -n 60 "$log"
    return "$status"
  fi
  say "$label: done in $((SECONDS - start)) s"
}

# Next.js 16 wants Node ≥ 20.9; the tests use node:test's --test-concurrency (20.10) and import.meta.dirname (20.11).
node_is_new_enough() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 11) ? 0 : 1)' 2>/dev/null
}

LOCAL_NODE=$ROOT/.tools/node/node_modules/node/bin
if ! { have node && node_is_new_enough node; } && [ -x "$LOCAL_NODE/node" ]; then PATH=$LOCAL_NODE:$PATH; fi
export PATH

# As many compilers as cores, fewer where memory is short (1.5 GiB each).
jobs_that_fit() {
  local cores memory
  cores=$(nproc)
  memory=$(($(awk '/MemAvailable/ {print $2}' /proc/meminfo) / 1572864))
  [ "$memory" -ge 1 ] || memory=1
  echo $((cores < memory ? cores : memory))
}
