"""Trains the model on a built corpus: one pass, in a number of steps that the corpus decides, so that a run is the same on any machine."""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy
import torch
from torch import distributed
from torch.nn import functional

from .corpus import ANSWER
from .model import Shape, TinyLanguageModel, TokenLoss
from .optimizer import Group, Optimizer

ROWS = 4
"""Short rows of a process' batch; long ones are half as many."""

MATRIX_RATE, OTHER_RATE = 0.02, 3e-3
CHECKPOINT_STEPS = 500
WARM_UP_STEPS = 40
DECAY_SHARE = 0.5
LAST_RATE = 0.02
AGAIN_PEAK = 0.3
"""The peak rate when training goes on from a checkpoint."""
AGAIN_SHARE = 0.65
"""How much of the trained weights is in the result when training went on; the rest are the checkpoint's. The mean of the two forgets
less and does better than either (model soups, arXiv 2203.05482)."""


def schedule(step: int, steps: int, peak: float = 1.0) -> float:
    """Warm-up, flat at the peak, then linear down over the last half; a lower peak is held for a shorter time."""
    left = (steps - step) / steps
    return min(1.0, (step + 1) / WARM_UP_STEPS) * min(peak, max(LAST_RATE, left / DECAY_SHARE))


def batches(corpus, group: Group, seed: int, rows: int = ROWS):
    """The batches of this process, as (ids, weights), in an order that depends on the seed alone."""
    plan = []
    for prefix, count in (("", rows), ("long_", max(1, rows // 2))):
        whole = len(corpus[prefix + "ids"]) // (count * group.size)
        plan += [(prefix, count, index) for index in range(whole)]
    order = numpy.random.default_rng(seed).permutation(len(plan))
    for place in order:
        prefix, count, index = plan[place]
        start = (index * group.size + group.rank) * count
        rows_of = slice(start, start + count)
        yield corpus[prefix + "ids"][rows_of], corpus[prefix + "weights"][rows_of]


def step_count(corpus, size: int, rows: int = ROWS) -> int:
    return len(corpus["ids"]) // (rows * size) + len(corpus["long_ids"]) // (max(1, rows // 2) * size)


def losses(model: TinyLanguageModel, ids, weights):
    """The weighted loss to minimise, and the mean loss of text and of answers for people."""
    ids = torch.from_numpy(ids.astype(numpy.int64))
    weights = torch.from_numpy(weights.astype(numpy.float32))[:, 1:]
    logits = functional.linear(model.hidden(ids[:, :-1]), model.embedding)
    loss = TokenLoss.apply(logits.view(-1, model.shape.vocabulary), ids[:, 1:].reshape(-1)).view(weights.shape)
    answers = weights >= ANSWER
    with torch.no_grad():
        text, answer = loss[~answers].mean().item(), loss[answers].mean().item() if answers.any() else float("nan")
    return (loss * weights).sum() / weights.sum(), text, answer


def train(corpus, shape: Shape, seed: int, group: Group, checkpoint: Path | None = None, report=None,
          rows: int = ROWS, start: TinyLanguageModel | None = None, peak: float = 1.0) -> TinyLanguageModel:
    """Trains a new model, or goes on with one; the peak is a share of the full learning rate."""
    torch.manual_seed(seed)
    model = start.train() if start else TinyLanguageModel(shape)
    optimizer = Optimizer(model, group, MATRIX_RATE, OTHER_RATE)
    steps, begun, tokens, recent = step_count(corpus, group.size, rows), time.time(), 0, []
    for step, (ids, weights) in enumerate(batches(corpus, group, seed, rows)):
        loss, text, answer = losses(model, ids, weights)
        loss.backward()
        optimizer.step(schedule(step, steps, peak))
        tokens += group.size * ids.shape[0] * (ids.shape[1] - 1)
        recent = (recent + [(text, answer)])[-100:]
        if group.rank == 0 and report and ((step + 1) % 100 == 0 or step + 1 == steps):
            mean = numpy.nanmean(numpy.array(recent), 0)
            seconds = time.time() - begun
            report(f"step {step + 1}/{steps} {seconds:.0f} s, {tokens / seconds:.0f} tokens/s, loss text {mean[0]:.3f} answers {mean[1]:.3f}")
        if group.rank == 0 and checkpoint and ((step + 1) % CHECKPOINT_STEPS == 0 or step + 1 == steps):
            save(model, checkpoint, seed, tokens, time.time() - begun)
    return model


def save(model: TinyLanguageModel, path: Path, seed: int, tokens: int, seconds: float) -> None:
    temporary = path.with_suffix(".tmp")
    torch.save(dict(weights=model.state_dict(), shape=model.shape, seed=seed, tokens=tokens, seconds=seconds), temporary)
    temporary.rename(path)


def load(path: Path) -> tuple[TinyLanguageModel, dict]:
    saved = torch.load(path)
    model = TinyLanguageModel(saved["shape"])
    model.load_state_dict(saved["weights"])
    return model.eval(), saved


def average(start: TinyLanguageModel, trained: TinyLanguageModel, share: float) -> TinyLanguageModel:
    """The mean of two models' weights."""
    before, after = start.state_dict(), trained.state_dict()
    result = TinyLanguageModel(trained.shape)
    result.load_state_dict({name: before[name] * (1 - share) + after[name] * share for name in after})
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="the .npz of tinylm.corpus")
    parser.add_argument("--checkpoint", type=Path, required=True, help=f"where the weights go; written every {CHECKPOINT_STEPS} steps")
    parser.add_argument("--start", type=Path, help="a checkpoint to go on from, at a lower rate; without one a new model is trained")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rank, size = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    if size > 1:
        distributed.init_process_group("gloo", init_method=os.environ["RENDEZVOUS"], rank=rank, world_size=size)
    with numpy.load(options.corpus) as files:
        corpus = {name: files[name] for name in files.files}
    def report(line: str) -> None:
        print(line, flush=True)

    if options.start:
        begun = time.time()
        model = train(corpus, Shape(), options.seed, Group(rank, size), None, report, start=load(options.start)[0], peak=AGAIN_PEAK)
        if rank == 0:
            save(average(load(options.start)[0], model, AGAIN_SHARE), options.checkpoint, options.seed,
                 corpus["ids"].size + corpus["long_ids"].size, time.time() - begun)
    else:
        train(corpus, Shape(), options.seed, Group(rank, size), options.checkpoint, report)
    if size > 1:
        # The first process to leave would abort the other in its last call.
        distributed.barrier()
        distributed.destroy_process_group()


if __name__ == "__main__":
    main()
