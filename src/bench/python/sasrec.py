#!/usr/bin/python3
"""SASRec in PyTorch, as one would write it: what TorchBenchmark compares the trainer with.

  sasrec.py SEQUENCES ITEMS THREADS   (Debian: apt-get install --no-install-recommends python3-torch)

SEQUENCES has a line for each user, its items from 1 on, all of one length. Each item but the first is a target. Two
commands come on standard input, and each is answered by a line: "pass" trains one pass, "loss" answers the mean
cross-entropy of all targets over all items, without dropout.
"""
import sys

import torch
from torch import nn
from torch.nn import functional

WIDTH, BLOCKS, HEADS, DROPOUT = 64, 2, 2, 0.2
BATCH, NEGATIVES, RATE, BETAS = 128, 256, 1e-3, (0.9, 0.98)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.before_attention, self.before_layers = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.projections, self.joined = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.first, self.second = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, hidden, causal):
        users, length, _ = hidden.shape
        heads = self.projections(self.before_attention(hidden)).view(users, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = heads.permute(2, 0, 3, 1, 4)
        weights = (query @ key.transpose(-1, -2) / (WIDTH // HEADS) ** 0.5 + causal).softmax(-1)
        attended = (self.dropout(weights) @ value).transpose(1, 2).reshape(users, length, WIDTH)
        hidden = hidden + self.dropout(self.joined(attended))
        layers = self.second(functional.relu(self.first(self.before_layers(hidden))))
        return hidden + self.dropout(layers)


class SasRec(nn.Module):
    def __init__(self, items, length):
        super().__init__()
        self.items = nn.Embedding(items + 1, WIDTH, padding_idx=0)
        self.positions = nn.Parameter(torch.randn(length, WIDTH) * 0.02)
        nn.init.normal_(self.items.weight, std=0.02)
        self.blocks = nn.ModuleList(Block() for _ in range(BLOCKS))
        self.norm, self.dropout = nn.LayerNorm(WIDTH), nn.Dropout(DROPOUT)
        self.register_buffer("causal", torch.full((length, length), float("-inf")).triu(1))

    def forward(self, sequences):
        length = sequences.shape[1]
        hidden = self.dropout(self.items(sequences) * WIDTH ** 0.5 + self.positions[:length])
        for block in self.blocks:
            hidden = block(hidden, self.causal[:length, :length])
        return self.norm(hidden)


def step(model, optimizer, known, hidden, targets):
    """One step on the softmax over the batch's targets and random negatives, of items 1 to known."""
    own, labels = targets.unique(return_inverse=True)
    negatives = torch.randint(1, known + 1, (NEGATIVES,))
    others = hidden @ model.items(negatives).T
    others = others.masked_fill(negatives == targets[:, None], float("-inf"))
    scores = torch.cat([hidden @ model.items(own).T, others], 1)
    optimizer.zero_grad()
    functional.cross_entropy(scores, labels).backward()
    optimizer.step()


def train(model, optimizer, sequences):
    model.train()
    for chosen in torch.randperm(len(sequences)).split(BATCH):
        batch = sequences[chosen]
        hidden = model(batch[:, :-1]).flatten(0, 1)
        step(model, optimizer, len(model.items.weight) - 1, hidden, batch[:, 1:].flatten())


def loss(model, sequences):
    model.eval()
    total = 0.0
    with torch.no_grad():
        for batch in sequences.split(BATCH):
            scores = model(batch[:, :-1]).flatten(0, 1) @ model.items.weight[1:].T
            targets = batch[:, 1:].flatten() - 1
            total += functional.cross_entropy(scores, targets, reduction="sum").item()
    return total / sequences[:, 1:].numel()


def main():
    path, items, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    with open(path) as lines:
        sequences = torch.tensor([[int(item) for item in line.split()] for line in lines])
    model = SasRec(int(items), sequences.shape[1] - 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, betas=BETAS)
    print("ready", flush=True)
    for command in sys.stdin:
        if command.strip() == "pass":
            train(model, optimizer, sequences)
            print("passed", flush=True)
        else:
            print(loss(model, sequences), flush=True)


if __name__ == "__main__":
    main()
