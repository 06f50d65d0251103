import tempfile
import unittest
from pathlib import Path

import numpy
import torch
from torch.nn import functional

from tinylm.corpus import ROW_TOKENS, _pack
from tinylm.export import TOLERANCE, check
from tinylm.model import MASKED, CausalAttention, Shape, TinyLanguageModel, TokenLoss
from tinylm.optimizer import orthogonalized
from tinylm.score import auc
from tinylm.sources import aime
from tinylm.tokenizer import SPECIAL, Tokenizer
from tinylm.words import TRAIN, WORDS

TEXTS = ["the cat sat on the mat with 12 beads, and the cat had 345 more.\n\nThen"] * 20 + ["naïve ½ 日本語 🙂  x\n"]


class TokenizerTest(unittest.TestCase):
    def test_text_comes_back_byte_for_byte(self):
        tokenizer = Tokenizer.train(TEXTS, 300)
        for text in TEXTS + ["unseen Wörter\t\r\n\n", " <|user|> is only text"]:
            self.assertEqual(text, tokenizer.decode(tokenizer.encode(text)))

    def test_text_never_makes_a_special_token(self):
        tokenizer = Tokenizer.train(TEXTS, 300)
        self.assertTrue(all(token >= len(SPECIAL) for token in tokenizer.encode("<|endoftext|><|user|>")))

    def test_digits_stand_alone(self):
        tokenizer = Tokenizer.train(TEXTS, 300)
        self.assertEqual(3, len(tokenizer.encode("345")))

    def test_training_twice_gives_the_same_file(self):
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / name for name in ("a.json", "b.json")]
            for file in files:
                Tokenizer.train(TEXTS, 300).save(file)
            self.assertEqual(files[0].read_bytes(), files[1].read_bytes())
            loaded = Tokenizer.load(files[0])
            self.assertEqual(Tokenizer.train(TEXTS, 300).encode(TEXTS[0]), loaded.encode(TEXTS[0]))


class PackingTest(unittest.TestCase):
    def test_every_document_comes_whole_and_a_row_begins_with_one(self):
        rng = numpy.random.default_rng(1)
        documents = [([index + 1] * int(size), [1] * int(size)) for index, size in enumerate(rng.integers(20, 200, 400))]
        ids, weights = _pack(documents, ROW_TOKENS)
        self.assertEqual(ids.shape, weights.shape)
        longest: dict[int, int] = {}
        for row in ids:
            values, counts = numpy.unique(row, return_counts=True)
            for value, count in zip(values, counts):
                longest[int(value)] = max(longest.get(int(value), 0), int(count))
        whole = sum(longest.get(document[0][0], 0) == len(document[0]) for document in documents)
        # The documents of a last row that was not filled are left out.
        self.assertGreaterEqual(whole, len(documents) - 60)


    def test_documents_longer_than_a_row_are_cut_and_come_once(self):
        ids, _ = _pack([([index + 1] * 700, [1] * 700) for index in range(100)], ROW_TOKENS)
        self.assertEqual(list(range(1, 101)), [int(row[0]) for row in ids])


class ModelTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(1)

    def test_attention_in_blocks_equals_attention_at_once_with_its_gradient(self):
        tokens, heads = 300, 2
        for rows in (heads, 2 * heads):
            self.attention_equals(rows, tokens, heads)

    def attention_equals(self, rows, tokens, heads):
        query, key, value = (torch.randn(rows, tokens, 8, dtype=torch.double, requires_grad=True) for _ in range(3))
        place = torch.arange(tokens)
        distance = (place[:, None] - place[None, :]).double()
        bias = torch.where(distance >= 0, 0.0, MASKED) - distance.clamp(min=0) * torch.tensor([0.0, 0.1])[:, None, None]
        untouched = bias.clone()
        blocks = CausalAttention.apply(query, key, value, bias)
        once = torch.softmax(query @ key.transpose(1, 2) + bias.repeat(rows // heads, 1, 1), -1) @ value
        self.assertTrue(torch.equal(bias, untouched))
        self.assertLess((blocks - once).abs().max(), 1e-12)
        gradient = torch.randn_like(blocks)
        for mine, wanted in zip(torch.autograd.grad(blocks, (query, key, value), gradient),
                                torch.autograd.grad(once, (query, key, value), gradient)):
            self.assertLess((mine - wanted).abs().max(), 1e-12)

    def test_the_token_loss_is_cross_entropy(self):
        logits, targets = torch.randn(50, 30, requires_grad=True), torch.randint(0, 30, (50,))
        mine, wanted = TokenLoss.apply(logits, targets), functional.cross_entropy(logits, targets, reduction="none")
        self.assertLess((mine - wanted).abs().max(), 1e-5)
        gradients = [torch.autograd.grad(loss.sum(), logits)[0] for loss in (mine, wanted)]
        self.assertLess((gradients[0] - gradients[1]).abs().max(), 1e-6)

    def test_the_cached_model_equals_the_whole_one_in_one_pass_by_token_and_with_padding(self):
        shape = Shape(vocabulary=300, width=32, layers=2, inner=64)
        for difference in check(TinyLanguageModel(shape).eval(), tokens=60).values():
            self.assertLess(difference, TOLERANCE)

    def test_newton_schulz_brings_singular_values_near_one(self):
        for shape in ((3, 32, 16), (2, 16, 32)):
            values = torch.linalg.svdvals(orthogonalized(torch.randn(shape)))
            self.assertTrue(((values > 0.3) & (values < 1.5)).all(), values)


class AucTest(unittest.TestCase):
    def test_ties_count_half(self):
        self.assertEqual(1.0, auc([2, 3], [0, 1]))
        self.assertEqual(0.5, auc([1, 1], [1]))
        self.assertEqual(0.3125, auc([0, 1], [1, 2, 1, 0]))


class SourcesTest(unittest.TestCase):
    ROWS = [dict(question=f"question {i}", response=response, answer="42", is_correct=correct)
            for i, (response, correct) in enumerate([("<think>a</think>b", "True"), ("<think>cut", "False"), ("<think>a</think>b", "False")] * 3)]

    def test_only_a_trace_that_ends_right_is_followed_by_the_answer_and_questions_are_split(self):
        import json
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "aime24-traces.jsonl").write_text("\n".join(map(json.dumps, self.ROWS)), encoding="utf-8")
            splits = {split: aime(Path(folder), split) for split in (TRAIN, WORDS)}
        texts = [text for split in splits.values() for text in split]
        self.assertEqual(3, sum("Final answer: 42" in text for text in texts))
        self.assertEqual(len(self.ROWS), len(texts))
        self.assertFalse({text.split("\n")[0] for text in splits[TRAIN]} & {text.split("\n")[0] for text in splits[WORDS]})


if __name__ == "__main__":
    unittest.main()
