#!/usr/bin/env python3
r"""Writes the 2,000 JSON-quoted lines of text on which the tokenizer is compared with the reference implementation.

Usage: eng/tokenizer-lines.py <folder with gsm8k-train.jsonl, aime24-traces.jsonl and documents.jsonl>
English and LaTeX are cut from these (MIT; MIT OR Apache-2.0), code from the Rust book; Chinese, emoji, mathematics letters, mixed scripts,
combining marks and odd white space are drawn with a fixed seed. White space before a digit beyond ASCII is left out: \d and the Digits
pre-tokenizer are ASCII in transformers.js and Unicode in the Rust library, which models are trained with and ML.Pipelines follows.
"""
import json
import pathlib
import random
import re
import sys

source = pathlib.Path(sys.argv[1])
rows = {name: [json.loads(x) for x in open(source / f"{name}.jsonl")] for name in ("gsm8k-train", "aime24-traces", "documents")}
r = random.Random(20)
book = "\n".join(d["text"] for d in rows["documents"] if "rust" in d["id"].lower() or "rust" in str(d["source"]).lower())
traces = "\n".join(t["response"] for t in rows["aime24-traces"])


def cut(text, low, high):
    start = r.randrange(len(text) - high)
    return text[start:start + r.randint(low, high)]


def latex():
    at = r.choice(["\\frac", "\\(", "\\sqrt", "$$", "\\[", "^2"])
    hits = [i for i in range(0, len(traces) - 200, 97) if traces.find(at, i, i + 97) >= 0]
    i = traces.find(at, r.choice(hits) if hits else 0)
    return traces[max(0, i - 10):i + r.randint(20, 160)]


def code():
    blocks = book.split("```")[1::2] or [book]
    block = r.choice(blocks)
    return block[:r.randint(20, 220)]


def draw(pool, low, high):
    return "".join(r.choice(pool) for _ in range(r.randint(low, high)))


han = [chr(c) for c in range(0x4E00, 0x9FA5)] + [chr(c) for c in range(0x20000, 0x20100)]
common = list("的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四第门相次东政海口使教西再平真听世气信北少关并内加化由却代军产入先山五太水万市眉八")
emoji = ["😀", "🎉", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "❤️", "✅", "🧮", "🤔", "1️⃣", "☃", "🦀"]
math = [chr(c) for c in range(0x1D400, 0x1D7FF) if c not in (0x1D455,)] + list("∑∏∫√∞≠≤≥±×÷∂∇∈∀∃⊂∪∩→⇒ℝℕℤ²³¹½⅓ⅷ①")
space = [" ", "  ", "\t", "\n", "\n\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u200b", "\v", "\f", "   "]
scripts = list("абвгдежзийклмнопрстуфхцчшщъыьэюяАБВγδεζηθαβΩאבגדהוזחابتثجحخअआइईउऊकखกขคงจ가나다라마바사あいうえおカキクケコ") + [chr(c) for c in range(0x10330, 0x1034A)] + [chr(c) for c in range(0x1F130, 0x1F150)]
digits = list("0123456789") + list("٠١٢٣٤٥٦٧٨٩०१२३४५६") + [chr(c) for c in range(0x1D7CE, 0x1D7FF)] + list("０１２３")
marks = ["e\u0301", "a\u0308", "o\u0302\u0323", "n\u0303", "\u1112\u1161\u11ab", "ﬁ", "①", "Å", "q\u0307\u0323", "\u0344"]
quotes = ["'s", "'T", "'re", "'VE", "'ll", "’s", "''", "\"", "it's", "I'LL", "don't", "'dog"]


def mixed():
    pools = [han, common, emoji, math, space, scripts, digits, marks, quotes, ["the ", " and", "Wait, ", " x", "=", "\\pi", "{", "}", "!!", "...", "--", "_"]]
    return "".join(r.choice(r.choice(pools)) for _ in range(r.randint(5, 60)))


def gsm():
    row = r.choice(rows["gsm8k-train"])
    return r.choice([row["question"], row["answer"]])


kinds = [
    (500, gsm), (250, lambda: cut(traces, 20, 250)), (250, latex), (250, code), (150, lambda: cut(book, 20, 200)),
    (150, lambda: draw(common, 3, 40) + r.choice("，。？！：") + draw(common, 3, 30) + draw(digits, 0, 4)), (50, lambda: draw(han, 3, 40)),
    (80, lambda: draw(emoji, 1, 8) + r.choice(["", " ok", "\n"])), (60, lambda: draw(math + [" ", "=", "+"], 3, 40)),
    (40, lambda: draw(space, 2, 20) + r.choice(["", "x"])), (40, lambda: draw(scripts + [" "], 5, 40)), (30, lambda: draw(marks + [" "], 2, 15)),
    (20, lambda: draw(quotes + [" "], 2, 12)), (129, mixed), (1, lambda: "a" * 3000),
]


def line(make):
    text = make()
    return line(make) if re.search(r"\s(?![0-9])\d", text) else text


lines = [line(make) for count, make in kinds for _ in range(count)]
assert len(lines) == 2000
target = pathlib.Path(__file__).parents[1] / "tests/ML.Pipelines.OnnxRuntime.Tests/Data/tokenizer-lines.txt"
target.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
