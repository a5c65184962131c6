#!/usr/bin/python3
"""What one would write instead of the job: a loop in Python that KafkaLoopBenchmark compares it with.

  kafka_loop.py SERVERS GROUP IN OUT ITEMS WINDOW LENGTH THREADS   (Debian: python3-torch, python3-confluent-kafka)

Reads interactions, and after every WINDOW of them trains the network of sasrec.py on the new ones, one pass, saves it,
writes a list of ten items for each user of the window, and commits. Says "ready" on standard output before it reads.
Histories are in memory, and what it has done since a commit is done again after a failure.
"""
import json
import os
import sys
import tempfile
from collections import defaultdict

import torch
from confluent_kafka import Consumer, Producer

from sasrec import BATCH, BETAS, RATE, SasRec, step

POLL, LISTS, LIST = 2000, 256, 10


def padded(rows, length):
    return torch.tensor([row + [0] * (length - len(row)) for row in rows])


def batches(histories, new, length):
    """Inputs and targets of all new positions, users of about the same length together; target 0 is none."""
    parts = []
    for user, count in new.items():
        history = histories[user]
        first = max(len(history) - count, 1)  # the first interaction of all follows none
        for end in range(len(history), first, -length):
            start = max(end - 1 - length, 0)
            known = max(first, end - length) - start - 1
            parts.append((history[start:end - 1], [0] * known + history[start + 1 + known:end]))
    parts.sort(key=lambda part: len(part[0]))
    groups = [parts[i:i + BATCH] for i in range(0, len(parts), BATCH)]
    for chosen in torch.randperm(len(groups)).tolist():
        longest = len(groups[chosen][-1][0])
        inputs, labels = zip(*groups[chosen])
        yield padded(inputs, longest), padded(labels, longest)


def train(model, optimizer, known, sequences):
    model.train()
    for inputs, labels in sequences:
        step(model, optimizer, known, model(inputs)[labels > 0], labels[labels > 0])


def lists(model, known, histories, users, length):
    model.eval()
    with torch.no_grad():
        for i in range(0, len(users), LISTS):
            some = users[i:i + LISTS]
            recent = [histories[user][-length:] for user in some]
            ends = torch.tensor([len(history) - 1 for history in recent])
            hidden = model(padded(recent, max(map(len, recent))))[torch.arange(len(some)), ends]
            scores = hidden @ model.items.weight[1:known + 1].T
            yield from zip(some, scores.topk(LIST).indices.tolist())


def main():
    servers, group, interactions, out, *numbers = sys.argv[1:]
    items, window, length, threads = map(int, numbers)
    torch.set_num_threads(threads)
    consumer = Consumer({"bootstrap.servers": servers, "group.id": group, "auto.offset.reset": "earliest",
                         "enable.auto.commit": False})
    producer = Producer({"bootstrap.servers": servers})
    model = SasRec(items, length)
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, betas=BETAS)
    checkpoint = os.path.join(tempfile.mkdtemp(), "model.pt")
    rows, names, histories, new = {}, [""], defaultdict(list), defaultdict(int)
    consumer.subscribe([interactions])
    print("ready", flush=True)
    read = 0
    while True:
        messages = consumer.consume(min(POLL, window - read), 0.1)
        for message in messages:
            event = json.loads(message.value())
            row = rows.setdefault(event["item_id"], len(names))
            if row == len(names):
                names.append(event["item_id"])
            histories[event["user_id"]].append(row)
            new[event["user_id"]] += 1
        read += len(messages)
        if read < window:
            continue
        train(model, optimizer, len(names) - 1, batches(histories, new, length))
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, checkpoint)
        for user, best in lists(model, len(names) - 1, histories, list(new), length):
            value = {"user_id": user, "items": [names[1 + row] for row in best]}
            producer.produce(out, key=user, value=json.dumps(value))
            producer.poll(0)
        producer.flush()
        consumer.commit(asynchronous=False)
        new.clear()
        read = 0


main()
