# SPDX-License-Identifier: MIT
# Sourced by the scripts beside this folder: checks Node.js, finds or fetches pnpm, installs dependencies.
# Sets PNPM (an array) and leaves the shell in the repository's root.

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

fail() {
  printf '\nerror: %s\n' "$*" >&2
  exit 2
}

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2

command -v node >/dev/null || fail "Node.js 20.19 or newer is needed, none was found on the PATH: install it from https://nodejs.org and run this again."
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
  fail "Node.js 20.19 or newer is needed, $(node --version) was found: install a newer one from https://nodejs.org and run this again."

# The lockfile is pnpm 10's. Another major version would rewrite it or refuse this Node.js, so only that one is used.
PNPM_VERSION=$(node -p 'require("./package.json").packageManager.split("@")[1]')
if command -v pnpm >/dev/null && [[ "$(cd / && pnpm --version 2>/dev/null)" == "${PNPM_VERSION%%.*}".* ]]; then
  PNPM=(pnpm)
else
  command -v npx >/dev/null || fail "npm is needed (it comes with Node.js), none was found on the PATH."
  PNPM=(npx --yes "pnpm@$PNPM_VERSION")
fi

install_dependencies() {
  say "Installing dependencies (pnpm $PNPM_VERSION)"
  "${PNPM[@]}" install --frozen-lockfile --reporter=append-only 2>&1 | grep -vE '^(Progress|Scope):?|: resolved ' || return "${PIPESTATUS[0]}"
  return "${PIPESTATUS[0]}"
}

# What takes minutes: simulations, fuzzing, and processes from end to end (killed, installed as a stranger would, deployed).
LONG_TESTS='\.(e2e|sim|fuzz)\.test\.ts$'

build() {
  say "Building"
  node_modules/.bin/tsc -b
  node scripts/bundle-explorer.mjs
}
