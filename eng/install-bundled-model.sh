#!/usr/bin/env bash
# Makes a trained model the bundled one: its files, the hashes that loading checks, its held-out data, and the golden ids of tokenizer and
# replies.
# Usage: eng/install-bundled-model.sh WORK     (the folder of eng/train-bundled-model.sh)
# The card's figures, in src/ML.Pipelines.OnnxRuntime/BundledModel/MODEL_CARD.md, are then measured anew: mlpipe model eval.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
work="${1:?install-bundled-model: which folder? Usage: eng/install-bundled-model.sh WORK}"
bundled="$root/src/ML.Pipelines.OnnxRuntime/BundledModel"
source="$root/src/ML.Pipelines.OnnxRuntime/OnnxModel.cs"
cp -r "$work/model/." "$bundled/"
cp "$work/evaluation/"* "$root/models/bundled/evaluation/"
while IFS= read -r file; do
  hash="$(sha256sum "$bundled/$file" | cut -d' ' -f1)"
  sed -i "s#\[\"$file\"\] = \"[0-9a-f]*\"#[\"$file\"] = \"$hash\"#" "$source"
done < <(cd "$work/model" && find . -type f -printf '%P\n')
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$root/eng/.tools/node" @huggingface/transformers
node "$root/eng/tokenizer-golden.mjs" --write
node "$root/eng/generation-golden.mjs" --write
