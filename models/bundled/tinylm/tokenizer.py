"""Byte-level BPE with single digits: trainer, encoder, and writer of Hugging Face's tokenizer.json."""

from __future__ import annotations

import collections
import json
import re
import unicodedata
from pathlib import Path

SPECIAL = ["<|endoftext|>", "<|pad|>", "<|user|>", "<|assistant|>"]
END, PAD, USER, ASSISTANT = range(4)


def _ranges(category: str) -> str:
    """The code points of a Unicode category as ranges of a character class: the standard `re` has no \\p{L}."""
    result, start = [], None
    for code in range(0x110001):
        inside = code < 0x110000 and unicodedata.category(chr(code))[0] == category
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            result.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(result)


_LETTERS, _NUMBERS = _ranges("L"), _ranges("N")
# GPT-2's pattern, which the ByteLevel pre-tokenizer of tokenizer.json applies.
_WORDS = re.compile(rf"'s|'t|'re|'ve|'m|'ll|'d| ?[{_LETTERS}]+| ?[{_NUMBERS}]+| ?[^\s{_LETTERS}{_NUMBERS}]+|\s+(?!\S)|\s+")
_DIGIT = re.compile(r"(\d)")


def _byte_alphabet() -> dict[int, str]:
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + index) for index, byte in enumerate(others)}


_LETTER_OF_BYTE = _byte_alphabet()
_BYTE_OF_LETTER = {letter: byte for byte, letter in _LETTER_OF_BYTE.items()}


def _pieces(text: str):
    for part in _DIGIT.split(text):
        if _DIGIT.fullmatch(part):
            yield part
        elif part:
            yield from _WORDS.findall(part)


def _letters(piece: str) -> list[str]:
    return [_LETTER_OF_BYTE[byte] for byte in piece.encode()]


def _merged(symbols: list[str], pair: tuple[str, str]) -> list[str]:
    result, index = [], 0
    while index < len(symbols):
        if index + 1 < len(symbols) and (symbols[index], symbols[index + 1]) == pair:
            result.append(pair[0] + pair[1])
            index += 2
        else:
            result.append(symbols[index])
            index += 1
    return result


class Tokenizer:
    """Encodes text as ids; ids of special tokens are never made from text."""

    def __init__(self, vocabulary: list[str], merges: list[tuple[str, str]]):
        self.vocabulary, self.merges = vocabulary, merges
        self._ids = {token: index for index, token in enumerate(vocabulary)}
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._cache: dict[str, list[int]] = {}

    @classmethod
    def train(cls, texts, size: int) -> Tokenizer:
        """Byte pair encoding over the pieces of the texts; ties go to the greater pair, so that the result is one."""
        counts = collections.Counter()
        for text in texts:
            counts.update(_pieces(text))
        words = [(_letters(piece), count) for piece, count in counts.items()]
        vocabulary = SPECIAL + [_LETTER_OF_BYTE[byte] for byte in range(256)]
        merges: list[tuple[str, str]] = []
        pairs: collections.Counter = collections.Counter()
        holders = collections.defaultdict(set)
        for index, (symbols, count) in enumerate(words):
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += count
                holders[pair].add(index)
        while len(vocabulary) < size:
            best = max(pairs, key=lambda pair: (pairs[pair], pair))
            if pairs[best] < 2:
                break
            merges.append(best)
            vocabulary.append(best[0] + best[1])
            for index in holders.pop(best):
                symbols, count = words[index]
                for pair in zip(symbols, symbols[1:]):
                    pairs[pair] -= count
                symbols = _merged(symbols, best)
                words[index] = (symbols, count)
                for pair in zip(symbols, symbols[1:]):
                    pairs[pair] += count
                    holders[pair].add(index)
            del pairs[best]
        return cls(vocabulary, merges)

    @classmethod
    def load(cls, path: Path) -> Tokenizer:
        model = json.loads(Path(path).read_text(encoding="utf-8"))["model"]
        vocabulary = sorted(model["vocab"], key=model["vocab"].get)
        return cls(vocabulary, [tuple(merge.split(" ")) for merge in model["merges"]])

    def save(self, path: Path) -> None:
        added = [dict(id=index, content=token, single_word=False, lstrip=False, rstrip=False, normalized=False, special=True)
                 for index, token in enumerate(SPECIAL)]
        byte_level = dict(type="ByteLevel", trim_offsets=True, use_regex=True)
        document = dict(
            version="1.0", truncation=None, padding=None, added_tokens=added, normalizer=None,
            pre_tokenizer=dict(type="Sequence", pretokenizers=[
                dict(type="Split", pattern=dict(Regex="\\d"), behavior="Isolated", invert=False), byte_level | dict(add_prefix_space=False)]),
            post_processor=None, decoder=byte_level | dict(add_prefix_space=True),
            model=dict(type="BPE", dropout=None, unk_token=None, continuing_subword_prefix=None, end_of_word_suffix=None, fuse_unk=False,
                       byte_fallback=False, ignore_merges=False, vocab=self._ids, merges=[f"{left} {right}" for left, right in self.merges]))
        Path(path).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")

    def encode(self, text: str) -> list[int]:
        ids: list[int] = []
        for piece in _pieces(text):
            known = self._cache.get(piece)
            if known is None:
                known = self._cache[piece] = self._encode_piece(piece)
            ids += known
        return ids

    def _encode_piece(self, piece: str) -> list[int]:
        symbols = _letters(piece)
        while len(symbols) > 1:
            best = min(zip(symbols, symbols[1:]), key=lambda pair: self._ranks.get(pair, len(self.merges)))
            if best not in self._ranks:
                break
            symbols = _merged(symbols, best)
        return [self._ids[symbol] for symbol in symbols]

    def decode(self, ids) -> str:
        letters = "".join(self.vocabulary[index] for index in ids if index >= len(SPECIAL))
        return bytes(_BYTE_OF_LETTER[letter] for letter in letters).decode(errors="replace")
