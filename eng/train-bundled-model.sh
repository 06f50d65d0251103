#!/usr/bin/env bash
# Trains the bundled model from data to model folder, and writes its held-out data.
# Usage: eng/train-bundled-model.sh --data DIR [--work DIR] [--seed N]
#   --data  the folder of the training data (models/bundled/README.md)
#   --work  where corpus, checkpoints and the model folder go; default models/bundled/.work. What is there already is not made again.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
trainer="$root/models/bundled"
work="$trainer/.work" data="" seed=1
while [[ $# -gt 0 ]]; do
  case "$1" in
    --data | --work | --seed) [[ $# -gt 1 ]] || { echo "train-bundled-model: $1 needs a value" >&2; exit 2; }; declare "${1#--}=$2"; shift 2 ;;
    *) echo "train-bundled-model: unknown option $1; see the head of eng/train-bundled-model.sh" >&2; exit 2 ;;
  esac
done
for file in gsm8k-train.jsonl gsm8k-test.jsonl aime24-traces.jsonl documents.jsonl; do
  [[ -f "$data/$file" ]] || { echo "train-bundled-model: $file is not in --data '$data'" >&2; exit 2; }
done
data="$(cd "$data" && pwd)"
mkdir -p "$work"
work="$(cd "$work" && pwd)"

train() { # part [options]: trains on a part's corpus
  local part="$1" rendezvous
  shift
  rendezvous="file://$(mktemp -u)"
  # A process a core with one thread each is 1.4 times as fast as one process with two threads.
  set -- env OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 WORLD_SIZE=2 RENDEZVOUS="$rendezvous" \
    "$python" -m tinylm.train --corpus "$part.npz" --checkpoint "$part.part.pt" --seed "$seed" "$@"
  RANK=1 "$@" &
  other=$!
  trap 'kill $other 2>/dev/null || true' EXIT
  RANK=0 "$@"
  wait "$other"
  trap - EXIT
  mv "$part.part.pt" "$part.pt"
}

"$root/eng/setup-torch.sh"
python=/usr/bin/python3
cd "$trainer"

# Memory of the size of a batch's logits comes from the heap, not from fresh pages: a third of the time otherwise.
export MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=17179869184 MALLOC_TOP_PAD_=268435456
# The BLAS kernels are chosen by the instructions that the machine has; some distributions' default is slower.
if grep -qw avx512_bf16 /proc/cpuinfo; then export OPENBLAS_CORETYPE=Cooperlake; elif grep -qw avx512f /proc/cpuinfo; then export OPENBLAS_CORETYPE=SkylakeX; fi

part() { # name [--start checkpoint]: a part's corpus and training
  local name="$1"
  shift
  if [[ ! -f "$work/$name.npz" ]]; then
    echo "Corpus: $name ..."
    "$python" -m tinylm.corpus --data "$data" --out "$work" --part "$name" --seed "$seed"
  fi
  if [[ ! -f "$work/$name.pt" ]]; then
    echo "Training: $name ..."
    train "$work/$name" "$@"
  fi
}

part main
part copying --start "$work/main.pt"
part solving --start "$work/main.pt"

"$python" -m tinylm.export --checkpoint "$work/copying.pt" "$work/solving.pt" --tokenizer "$work/tokenizer.json" --out "$work/model" \
  --sample "$work/evaluation/sample.json"
"$python" -m tinylm.heldout --data "$data" --out "$work/evaluation" --seed "$seed"
echo "The model is in $work/model, its held-out data in $work/evaluation. Look at it: eng/mlpipe model eval --model $work/model --data $work/evaluation"
