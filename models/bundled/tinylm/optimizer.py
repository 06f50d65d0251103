"""Muon for matrices (Jordan et al. 2024) and AdamW for the rest, over data-parallel processes."""

from __future__ import annotations

import torch
from torch import distributed

MOMENTUM = 0.95
MUON_WEIGHT_DECAY = 0.02


def orthogonalized(gradients):
    """Newton-Schulz steps towards the nearest orthogonal matrix of each of a stack (quintic, coefficients of Jordan et al.)."""
    x = gradients
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(5):
        square = x @ x.transpose(1, 2)
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x.transpose(1, 2) if tall else x


class Group:
    """The processes that train together; alone, one process of rank 0."""

    def __init__(self, rank: int = 0, size: int = 1):
        self.rank, self.size = rank, size

    def sum(self, tensors) -> None:
        """Adds up each tensor over the processes, in place."""
        if self.size == 1:
            return
        flat = torch.cat([tensor.reshape(-1) for tensor in tensors])
        distributed.all_reduce(flat)
        start = 0
        for tensor in tensors:
            tensor.copy_(flat[start:start + tensor.numel()].view_as(tensor))
            start += tensor.numel()


class Optimizer:
    """One step of both optimisers; every process does a part of the orthogonalisation."""

    def __init__(self, model, group: Group, matrix_rate: float, other_rate: float):
        self.model, self.group, self.matrix_rate, self.other_rate = model, group, matrix_rate, other_rate
        self.others = model.others()
        self.adam = torch.optim.AdamW(self.others, lr=other_rate, betas=(0.9, 0.98), weight_decay=0.0)
        self.stacks: dict[tuple, list] = {}
        for matrix in model.matrices():
            self.stacks.setdefault(tuple(matrix.shape), []).append(matrix)
        self.momenta = {shape: torch.zeros(len(matrices), *shape) for shape, matrices in self.stacks.items()}

    def step(self, scale: float) -> None:
        """Updates the weights from their gradients; `scale` is the schedule's factor on both learning rates."""
        gradients = [parameter.grad for parameter in self.model.parameters()]
        self.group.sum(gradients)
        for gradient in gradients:
            gradient.div_(self.group.size)
        torch.nn.utils.clip_grad_norm_(self.others, 1.0)
        for options in self.adam.param_groups:
            options["lr"] = self.other_rate * scale
        self.adam.step()
        with torch.no_grad():
            self._step_matrices(self.matrix_rate * scale)
        for parameter in self.model.parameters():
            parameter.grad = None

    def _step_matrices(self, rate: float) -> None:
        updates = []
        for shape, matrices in self.stacks.items():
            gradient = torch.stack([matrix.grad for matrix in matrices])
            momentum = self.momenta[shape].mul_(MOMENTUM).add_(gradient, alpha=1 - MOMENTUM)
            nesterov = gradient * (1 - MOMENTUM) + momentum * MOMENTUM
            update = torch.zeros_like(nesterov)
            mine = slice(self.group.rank, None, self.group.size)
            if nesterov[mine].shape[0]:
                update[mine] = orthogonalized(nesterov[mine])
            updates.append(update)
        self.group.sum(updates)
        for (shape, matrices), update in zip(self.stacks.items(), updates):
            factor = rate * max(1.0, shape[0] / shape[1]) ** 0.5
            for matrix, change in zip(matrices, update):
                matrix.mul_(1 - rate * MUON_WEIGHT_DECAY).add_(change, alpha=-factor)
