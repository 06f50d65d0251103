#!/usr/bin/env bash
# Sets up, builds and tests everything.
# The end-to-end tests take longest: they stand first in the solution, so that the others run beside them.
# Usage: eng/test.sh [--quick] [--stand-ins] [dotnet test options]
#   --quick      leaves out the tests of category Slow (end to end with the bundled model on real traces; schedulers, which need Node.js
#                and Slurm; training, which needs torch) and the bundled model's trainer
#   --stand-ins  builds with every stand-in instead of the packages, into artifacts/stand-ins
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"
filter=()
while [[ "${1:-}" == --quick || "${1:-}" == --stand-ins ]]; do
  if [[ $1 == --quick ]]; then
    filter=(--filter 'TestCategory!=Slow')
  else
    # MSBuild reads these as properties.
    export CompatMicrosoftML=true CompatOnnxRuntime=true CompatParquetNet=true CompatDuckDB=true ArtifactsPath="$root/artifacts/stand-ins"
  fi
  shift
done
eng/setup.sh
eng/setup-node.sh azurite@3.37.0
if [[ -n ${CompatDuckDB:-} ]]; then eng/setup-native.sh; fi
if [[ ${#filter[@]} -eq 0 ]]; then
  eng/setup-node.sh azure-pipelines-language-service@0.9.2
  eng/setup-slurm.sh
  eng/setup-torch.sh
fi
echo "Building ..."
dotnet build ML.Pipelines.sln -c Release -v quiet -nologo -clp:NoSummary
dotnet test ML.Pipelines.sln -c Release --no-build -nologo "${filter[@]}" "$@"
# The trainer does not depend on which packages the product is built with.
if [[ ${#filter[@]} -eq 0 && -z ${CompatDuckDB:-} ]]; then
  echo "Testing the bundled model's trainer ..."
  (cd models/bundled && /usr/bin/python3 -m unittest)
fi
