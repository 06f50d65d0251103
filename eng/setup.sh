#!/usr/bin/env bash
# Everything a bare machine with the .NET SDK (and Node.js, where stand-ins need npm) lacks. Safe to run again.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

command -v dotnet >/dev/null || { echo "dotnet is missing: install the .NET 10 SDK (https://dot.net/download)." >&2; exit 1; }
dotnet --list-sdks | grep -q '^10\.' || { echo "The .NET 10 SDK is missing; there are: $(dotnet --list-sdks | tr '\n' ';')" >&2; exit 1; }

"$root/eng/detect-packages.sh" "$@"

uses() { grep -q "<$1 .*>true<" "$root/eng/Packages.local.props"; }
natives=()
uses CompatOnnxRuntime && natives+=(onnxruntime)
uses CompatDuckDB && natives+=(duckdb)
if [[ ${#natives[@]} -gt 0 ]]; then
  command -v npm >/dev/null || { echo "npm is missing: the NuGet source lacks packages whose stand-ins come from npm. Install Node.js 20 or later." >&2; exit 1; }
  "$root/eng/setup-native.sh" "${natives[@]}"
fi
