import numpy as np
import pytest
from datasets import Dataset
from torch import nn

from seqtasks.check.estimate import describe_memory, describe_time
from seqtasks.check.sample import spread, with_longest
from seqtasks.recipe.blocks import TrainBlock


def test_evenly_spaced_rows_with_both_ends():
    rows = Dataset.from_dict({"text": [str(index) for index in range(100)]})
    assert spread(rows, 4)["text"][:] == ["0", "33", "66", "99"]
    assert spread(rows, 100) is rows


def test_the_longest_row_of_each_column_is_always_there():
    texts, tags = ["a"] * 1000, [["X"]] * 1000
    texts[501], tags[777] = "a b c", ["X"] * 9
    chosen = with_longest(Dataset.from_dict({"text": texts, "tags": tags}), 3)
    assert len(chosen) == 5
    assert "a b c" in chosen["text"][:]
    assert ["X"] * 9 in chosen["tags"][:]


@pytest.mark.parametrize(
    ("settings", "epoch", "total"),
    [
        ({"epochs": 3.0}, "an epoch of 50 batches: about 10 s", "all 150 steps: about 30 s"),
        ({"max_steps": 2000}, "an epoch of 50 batches: about 10 s", "all 2,000 steps: about 7 min"),
        ({"epochs": 1.0, "gradient_accumulation_steps": 5}, "an epoch of 50 batches", "all 10 steps: about 10 s"),
    ],
)
def test_time_is_drawn_from_the_timed_batches(settings, epoch, total):
    timed = [np.arange(15), np.arange(25)]  # 20 examples a batch, 0.2 s each
    shown = describe_time(TrainBlock(**settings), timed, 0.4, 1000)
    assert shown[0].startswith(epoch)
    assert shown[1].startswith(total)


@pytest.mark.parametrize(("optimizer", "copies"), [("adamw", 4), ("sgd", 3)])
def test_memory_counts_weights_gradients_and_optimizer(optimizer, copies):
    model = nn.Linear(1000, 1000, bias=False)
    assert describe_memory(model, TrainBlock(optimizer=optimizer), 0)[0].startswith(f"memory: {copies * 4} MB ")
