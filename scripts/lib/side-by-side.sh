# SPDX-License-Identifier: MIT
# Sourced after prepare.sh: runs commands beside each other. `failed` collects the names of those that failed.

failed=()
names=()
processes=()
output=$(mktemp -d)

stop_all() {
  for process in "${processes[@]}"; do kill "$process" 2>/dev/null || true; done
  rm -rf "$output"
}
trap stop_all EXIT
trap 'exit 130' INT TERM

# beside NAME COMMAND...: starts a command; what it writes is shown when it has ended.
beside() {
  local name=$1 log="$output/${#names[@]}"
  shift
  show_at_end "$name" "$log" "$@" &
  names+=("$name")
  processes+=($!)
}

show_at_end() {
  local name=$1 log=$2 code=0
  shift 2
  "$@" >"$log" 2>&1 &
  local command=$!
  trap 'kill "$command" 2>/dev/null; exit 143' TERM
  wait "$command" || code=$?
  say "$name"
  cat "$log"
  if ((code == 0)); then echo "passed"; else echo "FAILED: $name"; fi
  exit "$code"
}

# Waits for what runs beside, and adds the names of what failed to `failed`.
wait_for_all() {
  for at in "${!processes[@]}"; do wait "${processes[at]}" || failed+=("${names[at]}"); done
  names=()
  processes=()
}
