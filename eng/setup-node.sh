#!/usr/bin/env bash
# Installs npm packages that tests run into eng/.tools/node. Safe to run again: what is there is not fetched again.
# Usage: eng/setup-node.sh NAME@VERSION...   e.g. eng/setup-node.sh azurite@3.37.0
set -euo pipefail
tools="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/.tools/node"
# Names and versions whose install came to its end.
installed="$tools/installed"

missing=()
for package in "$@"; do
  [[ $package == ?*@[0-9]* ]] || { echo "setup-node: '$package' has no exact version; write NAME@VERSION." >&2; exit 2; }
  grep -qxF -- "$package" "$installed" 2>/dev/null || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

command -v npm >/dev/null || { echo "setup-node: npm is not installed. Install Node.js 20 or later." >&2; exit 1; }
mkdir -p "$tools"
echo "Installing ${missing[*]} from npm into eng/.tools/node ..."
# No package's install script is run. Without its own package.json, npm would install into a folder above.
[[ -f "$tools/package.json" ]] || echo '{ "private": true }' > "$tools/package.json"
npm install --prefix "$tools" --ignore-scripts --no-audit --no-fund --save-exact --loglevel=error --fetch-retries=1 \
  --fetch-retry-mintimeout=1000 "${missing[@]}" >/dev/null \
  || { echo "setup-node: npm cannot install ${missing[*]}. Check the network and npm's registry." >&2; exit 1; }
{
  if [[ -f $installed ]]; then
    while read -r package; do [[ " ${missing[*]} " == *" ${package%@*}@"* ]] || echo "$package"; done < "$installed"
  fi
  printf '%s\n' "${missing[@]}"
} > "$installed.tmp"
mv "$installed.tmp" "$installed"
