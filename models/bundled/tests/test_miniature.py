import random
import tempfile
import unittest
from pathlib import Path

import numpy
import torch

from tinylm.corpus import _Encoder, _pack
from tinylm.model import Shape
from tinylm.optimizer import Group
from tinylm.score import auc, importances
from tinylm.tokenizer import Tokenizer
from tinylm.traces import COPY, CRITICAL, REDUNDANT, make_trace
from tinylm.train import train
from tinylm.words import TRAIN, WORDS

TOKENS = 512
STEPS = 900
TRACES = 60


def traces(rng, split):
    while True:
        trace = make_trace(rng, split, COPY, functional=0.5, operations=rng.choice((2, 3)), largest=200)
        if {CRITICAL, REDUNDANT} <= {step.label for step in trace.steps}:
            yield trace


class Miniature(unittest.TestCase):
    def test_a_model_trained_anew_for_a_minute_tells_critical_steps_better_than_the_last_step_rule(self):
        torch.set_num_threads(2)
        torch.set_flush_denormal(True)
        rng = random.Random(1)
        made = traces(rng, TRAIN)
        sample = [next(made) for _ in range(300)]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "tokenizer.json"
            Tokenizer.train([trace.prefix + trace.chain for trace in sample], 640).save(file)
            tokenizer = Tokenizer.load(file)
        encoder = _Encoder(tokenizer)
        documents = [encoder.trace(next(made), True) for _ in range(STEPS * 4 * TOKENS // 150)]
        ids, weights = _pack(documents, TOKENS)
        corpus = dict(ids=ids[:STEPS * 4], weights=weights[:STEPS * 4], long_ids=ids[:0], long_weights=weights[:0])
        model = train(corpus, Shape(vocabulary=640, width=64, layers=3, inner=160), 1, Group(), report=print).eval()
        scores, last = {CRITICAL: [], REDUNDANT: []}, {CRITICAL: [], REDUNDANT: []}
        for _, trace in zip(range(TRACES), traces(random.Random(2), WORDS)):
            values = importances(model, tokenizer, trace.problem.question, [step.text for step in trace.steps], trace.answer)
            for index, step in enumerate(trace.steps):
                if step.label in scores:
                    scores[step.label].append(values[index])
                    last[step.label].append(index == len(trace.steps) - 1)
        learned, rule = auc(scores[CRITICAL], scores[REDUNDANT]), auc(numpy.array(last[CRITICAL], int), numpy.array(last[REDUNDANT], int))
        print(f"AUC {learned:.3f}, last-step rule {rule:.3f}")
        self.assertGreater(learned, rule + 0.1)


if __name__ == "__main__":
    unittest.main()
