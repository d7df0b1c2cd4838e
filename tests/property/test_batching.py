"""Batches hold every row once, within the budget, in an order that (seed, epoch) alone decide."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from seqtasks.data.batching import evaluation_batches, training_batches
from seqtasks.data.ragged import Ragged

ROWS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40)
BUDGET = st.integers(1, 100)


def _sides(rows: list[tuple[int, int]], two: bool) -> np.ndarray:
    lengths = np.array(rows, dtype=np.int64).reshape(len(rows), 2)
    return lengths if two else lengths[:, 0]


@settings(max_examples=100, deadline=None)
@given(rows=ROWS, two=st.booleans(), budget=BUDGET, epoch=st.integers(0, 3))
def test_every_row_once_and_within_the_budget(rows, two, budget, epoch):
    lengths = _sides(rows, two)
    for batches in (
        training_batches(lengths, tokens_per_batch=budget, seed=1, epoch=epoch),
        evaluation_batches(lengths, tokens_per_batch=budget),
    ):
        assert sorted(row for batch in batches for row in batch) == list(range(len(rows)))
        for batch in batches:
            assert len(batch) == 1 or len(batch) * lengths[batch].max() <= budget


@settings(max_examples=200, deadline=None)
@given(rows=ROWS, two=st.booleans(), budget=BUDGET)
def test_a_batch_takes_neighbours_while_there_is_room(rows, two, budget):
    sides = _sides(rows, two)
    order = np.lexsort(sides.T if two else [sides])
    expected: list[list[int]] = []
    for row in order.tolist():
        extended = [*expected[-1], row] if expected else [row]
        if expected and len(extended) * sides[extended].max() <= budget:
            expected[-1] = extended
        else:
            expected.append([row])
    found = evaluation_batches(sides, tokens_per_batch=budget)
    assert [batch.tolist() for batch in found[::-1]] == expected


def test_the_order_depends_on_seed_and_epoch_alone():
    lengths = np.random.default_rng(0).integers(1, 20, 200)

    def order(seed: int, epoch: int) -> list[list[int]]:
        np.random.seed(np.random.randint(100))  # the global generator must not matter
        return [batch.tolist() for batch in training_batches(lengths, tokens_per_batch=60, seed=seed, epoch=epoch)]

    assert order(0, 1) == order(0, 1)
    assert order(0, 1) != order(0, 2)
    assert order(0, 1) != order(1, 1)
    assert {frozenset(batch) for batch in order(0, 1)} != {frozenset(batch) for batch in order(0, 2)}


def test_rows_of_like_length_stand_together():
    lengths = np.random.default_rng(0).integers(1, 100, 2000)
    batches = training_batches(lengths, tokens_per_batch=1000, seed=0, epoch=0)
    padded = sum(len(batch) * lengths[batch].max() for batch in batches)
    assert padded < 1.05 * lengths.sum()


def test_evaluation_begins_with_the_longest():
    lengths = np.array([3, 9, 1, 5])
    assert [batch.tolist() for batch in evaluation_batches(lengths, tokens_per_batch=9)] == [[1], [3], [2, 0]]


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(st.lists(st.integers(-5, 5), max_size=6), min_size=1, max_size=8), data=st.data())
def test_pad_equals_a_loop(rows, data):
    ragged = Ragged.from_rows(rows)
    chosen = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=6))
    padded, lengths = ragged.pad(np.array(chosen, dtype=np.int64), -9)
    width = max([1, *(len(rows[row]) for row in chosen)])
    assert padded.tolist() == [rows[row] + [-9] * (width - len(rows[row])) for row in chosen]
    assert lengths.tolist() == [len(rows[row]) for row in chosen]
    assert padded.shape == (len(chosen), width)


@settings(max_examples=50, deadline=None)
@given(rows=st.lists(st.lists(st.integers(0, 9), max_size=4), max_size=6))
def test_rows_come_back_as_they_went_in(rows):
    ragged = Ragged.from_rows(rows)
    assert len(ragged) == len(rows)
    for index, row in enumerate(rows):
        assert ragged[index].tolist() == row
