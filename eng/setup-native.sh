#!/usr/bin/env bash
# Fetches from npm into eng/.tools what the NuGet source lacks. Usage: eng/setup-native.sh [onnxruntime] [duckdb]; both without arguments.
set -euo pipefail
tools="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/.tools"

fail() {
  echo "setup-native: $*" >&2
  exit 1
}

# install NAME PACKAGE VERSION PATH...: extracts only the named paths of the package into the tool's folder.
install() {
  local name=$1 package=$2 version=$3 target="$tools/$1" work
  shift 3
  if [[ "$(cat "$target/version" 2>/dev/null)" == "$version" ]]; then
    echo "$package $version is in eng/.tools/$name"
    return
  fi
  command -v npm >/dev/null || fail "npm is not installed. Install Node.js 20 or later."
  [[ "$(uname -sm)" == "Linux x86_64" ]] || fail "$package is set up for Linux x86_64 only; elsewhere use a NuGet source that has the package."
  echo "Installing $package $version from npm into eng/.tools/$name ..."
  work="$(mktemp -d)"
  (cd "$work" && npm pack --silent --ignore-scripts --fetch-retries=1 --fetch-retry-mintimeout=1000 "$package@$version" >/dev/null) \
    || { rm -rf "$work"; fail "npm cannot fetch $package@$version. Check the network and the registry ($(npm config get registry 2>/dev/null))."; }
  tar -xzf "$work"/*.tgz -C "$work" "${@/#/package/}"
  rm -rf "$target"
  mkdir -p "$tools"
  mv "$work/package" "$target"
  rm -rf "$work"
  echo "$version" > "$target/version"
}

[[ $# -gt 0 ]] || set -- onnxruntime duckdb
for tool in "$@"; do
  case "$tool" in
    onnxruntime)
      install onnxruntime com.github.asus4.onnxruntime 0.4.9 Runtime Plugins/Linux/x64/libonnxruntime.so
      find "$tools/onnxruntime" -name '*.meta' -delete ;;
    duckdb) install duckdb @duckdb/node-bindings-linux-x64 1.5.6-r.1 libduckdb.so LICENSE ;;
    *) fail "unknown tool '$tool'; known: onnxruntime, duckdb" ;;
  esac
done
