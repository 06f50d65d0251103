#!/usr/bin/env bash
# Makes sure that /usr/bin/python3 has torch and onnx, which the trainer of the bundled model needs; installs Debian's where it can.
set -euo pipefail
if ! /usr/bin/python3 -c 'import torch, onnx, numpy' 2>/dev/null; then
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "setup-torch: install python3-torch, python3-onnx and libopenblas0-openmp for /usr/bin/python3 (Debian: as root, apt-get install)." >&2
    exit 1
  fi
  echo "Installing torch from Debian ..."
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-torch python3-onnx libopenblas0-openmp >/dev/null
fi
