#!/usr/bin/env bash
# Fetches native libraries from npm into eng/.tools for NuGet sources that lack their packages.
# Usage: eng/setup-native.sh <package>...   A package is the name of a setup_<package> function below.
set -euo pipefail
tools="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/.tools"

# fetch_npm <package@version> <folder> <path in the package>...: extracts only the named paths.
fetch_npm() {
  local package=$1 target=$2 work
  shift 2
  work=$(mktemp -d)
  (cd "$work" && npm pack --silent "$package" >/dev/null && tar -xzf ./*.tgz "${@/#/package/}")
  rm -rf "$target"
  mkdir -p "$(dirname "$target")"
  mv "$work/package" "$target"
  rm -rf "$work"
}

setup_onnxruntime() {
  [[ -f "$tools/onnxruntime/Plugins/Linux/x64/libonnxruntime.so" ]] && return
  fetch_npm com.github.asus4.onnxruntime@0.4.9 "$tools/onnxruntime" Runtime Plugins/Linux/x64/libonnxruntime.so
  find "$tools/onnxruntime" -name '*.meta' -delete
}

[[ $# -gt 0 ]] || { echo "usage: $0 <package>...; packages: $(declare -F | sed -n 's/.*setup_//p' | tr '\n' ' ')" >&2; exit 2; }
for package in "$@"; do
  declare -F "setup_$package" >/dev/null || { echo "$0: no package '$package'" >&2; exit 2; }
  "setup_$package"
done
