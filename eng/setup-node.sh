#!/usr/bin/env bash
# Installs from npm into eng/.tools/node what tests run with Node.js; skips what is there. Usage: eng/setup-node.sh
set -euo pipefail
node="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/.tools/node"
packages=(azure-pipelines-language-service@0.9.2)

missing=()
for package in "${packages[@]}"; do
  manifest="$node/node_modules/${package%@*}/package.json"
  grep -qsF "\"version\": \"${package##*@}\"" "$manifest" || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0
command -v npm >/dev/null || { echo "setup-node: npm is not installed. Install Node.js 20 or later." >&2; exit 1; }
echo "Installing ${missing[*]} from npm into eng/.tools/node ..."
mkdir -p "$node"
npm install --prefix "$node" --save-exact --ignore-scripts --no-audit --no-fund --silent "${missing[@]}" \
  || { echo "setup-node: npm cannot install ${missing[*]}. Check the network and npm's registry." >&2; exit 1; }
