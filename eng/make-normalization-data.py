#!/usr/bin/env python3
"""Writes src/ML.Pipelines.OnnxRuntime/Tokenization/Normalization.txt from Python's Unicode database.

.NET without ICU (InvariantGlobalization) leaves strings unnormalized without a word, so the tokenizer brings its own tables.
Lines: 'C cp class' combining class, 'D cp cp...' full canonical decomposition, 'K cp cp...' full compatibility decomposition
where it differs, 'P first second composite' primary composites. Numbers are hexadecimal; Hangul is left to arithmetic.
"""
import pathlib
import unicodedata as u

hangul = range(0xAC00, 0xAC00 + 11172)
lines = [f"# Unicode {u.unidata_version}; made by eng/make-normalization-data.py"]
for cp in range(0x110000):
    if 0xD800 <= cp < 0xE000 or cp in hangul:
        continue
    c = chr(cp)
    if u.combining(c):
        lines.append(f"C {cp:X} {u.combining(c):X}")
    canonical, compatible = u.normalize("NFD", c), u.normalize("NFKD", c)
    if canonical != c:
        lines.append(f"D {cp:X} " + " ".join(f"{ord(x):X}" for x in canonical))
    if compatible != canonical:
        lines.append(f"K {cp:X} " + " ".join(f"{ord(x):X}" for x in compatible))
    pair = u.decomposition(c).split()
    if len(pair) == 2 and not pair[0].startswith("<") and u.normalize("NFC", canonical) == c:
        lines.append(f"P {pair[0]} {pair[1]} {cp:X}")
target = pathlib.Path(__file__).parents[1] / "src/ML.Pipelines.OnnxRuntime/Tokenization/Normalization.txt"
target.write_text("\n".join(lines) + "\n")
