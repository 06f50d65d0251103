#!/usr/bin/env bash
# Builds the product and runs the main job: real R1-style traces in, a PIR-pruned training set out.
# Usage: eng/run.sh [mlpipe options, e.g. --set stages.prune.ratio=0.5 --output out/half]
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
eng/setup.sh
echo "Building ..."
dotnet build src/ML.Pipelines.Cli -c Release -v quiet -nologo -clp:NoSummary
exec eng/mlpipe run pipelines/pir.yaml "$@"
