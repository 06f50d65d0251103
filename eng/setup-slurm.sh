#!/usr/bin/env bash
# Makes sure that Slurm's and munge's programs are installed, which the tests of pipelines/schedulers/slurm start; Debian's where it can.
set -euo pipefail
PATH="$PATH:/usr/sbin:/sbin"
missing=()
for program in slurmctld slurmd sbatch srun scontrol munged; do command -v "$program" >/dev/null || missing+=("$program"); done
[[ ${#missing[@]} -gt 0 ]] || exit 0
root=()
[[ $(id -u) == 0 ]] || root=(sudo -n)
if ! command -v apt-get >/dev/null || ! "${root[@]}" true 2>/dev/null; then
  echo "setup-slurm: install ${missing[*]} (Debian: as root, apt-get install slurmctld slurmd slurm-client munge)." >&2
  exit 1
fi
echo "Installing Slurm from Debian ..."
# Run level 1: no service is started, here or at set-up; the tests start their own.
"${root[@]}" apt-get update -qq
"${root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends slurmctld slurmd slurm-client munge >/dev/null
