#!/usr/bin/env bash
# Fetches the native libraries that the NuGet source lacks from npm into eng/.tools: setup-native.sh [duckdb ...], all without arguments.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
tools="$root/.tools"

fail() {
  echo "setup-native: $*" >&2
  exit 1
}

# npm_pack PACKAGE@VERSION FOLDER: downloads the package's archive into the folder and prints its path.
npm_pack() {
  command -v npm >/dev/null || fail "npm is not installed. Install Node.js, or build with the NuGet packages (without -p:Compat…=true)."
  local name
  name="$(cd "$2" && npm pack --silent --ignore-scripts --fetch-retries=1 --fetch-retry-mintimeout=1000 "$1")" \
    || fail "npm cannot fetch $1. Check the network and the registry ($(npm config get registry))."
  echo "$2/$name"
}

setup_duckdb() {
  local version=1.5.6-r.1 target="$tools/duckdb"
  if [[ -f "$target/libduckdb.so" && "$(cat "$target/version" 2>/dev/null)" == "$version" ]]; then
    echo "DuckDB $version is in $target"
    return
  fi
  [[ "$(uname -sm)" == "Linux x86_64" ]] || fail "DuckDB from npm is set up for Linux x86_64 only; elsewhere take NuGet's DuckDB.NET.Bindings.Full."
  local work archive
  work="$(mktemp -d)"
  archive="$(npm_pack "@duckdb/node-bindings-linux-x64@$version" "$work")" || { rm -rf "$work"; exit 1; }
  mkdir -p "$target"
  tar -xzf "$archive" -C "$work" package/libduckdb.so package/LICENSE
  mv "$work/package/LICENSE" "$target/LICENSE"
  mv "$work/package/libduckdb.so" "$target/libduckdb.so"
  echo "$version" > "$target/version"
  rm -rf "$work"
  echo "DuckDB $version installed: $target/libduckdb.so"
}

libraries=("$@")
[[ ${#libraries[@]} -gt 0 ]] || libraries=(duckdb)
for library in "${libraries[@]}"; do
  case "$library" in
    duckdb) setup_duckdb ;;
    *) fail "unknown library '$library'; known: duckdb" ;;
  esac
done
