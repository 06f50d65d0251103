#!/usr/bin/env bash
# Plans a run here, then submits its slices as an array and the merge behind it; prints both job numbers.
# Usage: submit.sh JOB OUT SLICES [mlpipe run options]; sbatch's own options come from its SBATCH_* variables.
set -euo pipefail
[[ $# -ge 3 && $3 =~ ^[1-9][0-9]*$ ]] || { echo "Usage: submit.sh JOB OUT SLICES [mlpipe run options]" >&2; exit 2; }
scripts="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
job=$1 out=$2 slices=$3
shift 3

"${MLPIPE:-mlpipe}" plan "$job" --output "$out" "$@"
array=$(sbatch --parsable --array="1-$slices" "$scripts/mlpipe-array.sbatch" "$job" "$out" "$@")
merge=$(sbatch --parsable --dependency="afterok:${array%%;*}" --kill-on-invalid-dep=yes "$scripts/mlpipe-merge.sbatch" "$out")
echo "array ${array%%;*}"
echo "merge ${merge%%;*}"
