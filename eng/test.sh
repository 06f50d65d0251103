#!/usr/bin/env bash
# Sets up, builds and tests everything.
# Usage: eng/test.sh [--quick] [dotnet test options]
#   --quick   leaves out the tests of category Slow (end to end, stand-in profile)
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
filter=()
if [[ "${1:-}" == --quick ]]; then filter=(--filter 'TestCategory!=Slow'); shift; fi
eng/setup.sh
echo "Building ..."
dotnet build ML.Pipelines.sln -c Release -v quiet -nologo -clp:NoSummary
dotnet test ML.Pipelines.sln -c Release --no-build -nologo "${filter[@]}" "$@"
