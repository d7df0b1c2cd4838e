"""`catalog/adding_problem`: add two marked numbers out of many, a test of memory over long times.

Each frame holds a number from U(0, 1) and a mark. Two frames are marked with 1, one in each half of the sequence,
the others with 0; the target is the sum of the two marked numbers. Whoever always answers 1 has a mean squared
error of 1/6 = 0.167. The problem is that of Hochreiter and Schmidhuber (1997), with numbers from 0 to 1 and a fixed
length as in Arjovsky et al. (2016, arXiv:1511.06464).

The configuration is the length. Rows are drawn independently from one stream of random numbers: first training, then
validation, then test.
"""

import numpy as np
from datasets import Dataset, Features, Sequence, Value

from seqtasks.data.catalog.catalog_set import FRAMES, CatalogSet

_ROWS = {"train": 5000, "validation": 500, "test": 1000}
_LONG_TRAINING = 2000  # rows of 1,000 frames
_FEATURES = Features({"frames": FRAMES, "target": Sequence(Value("float32"))})


def _rows(archive: None, config: str | None) -> dict[str, Dataset]:
    length = int(config or 0)
    # The stream of RandomState, other than that of default_rng, is promised never to change (NEP 19).
    random = np.random.RandomState(length)
    counts = _ROWS | ({"train": _LONG_TRAINING} if length == 1000 else {})
    return {
        split: Dataset.from_dict(_draw(random, count, length), features=_FEATURES) for split, count in counts.items()
    }


def _draw(random: np.random.RandomState, count: int, length: int) -> dict[str, list]:
    """`count` rows: frames `(length, 2)` and target `(1,)`."""
    frames = np.zeros((count, length, 2), dtype=np.float32)
    frames[:, :, 0] = random.random_sample((count, length))
    rows, half = np.arange(count), length // 2
    frames[rows, random.randint(0, half, count), 1] = 1
    frames[rows, random.randint(half, length, count), 1] = 1
    target = (frames[:, :, 0] * frames[:, :, 1]).sum(axis=1, keepdims=True)
    return {"frames": list(frames), "target": list(target)}


ADDING_PROBLEM = CatalogSet(
    name="adding_problem",
    title="Adding problem",
    description="the sum of two marked numbers among 50, 200 or 1,000; name: the length",
    wheel=None,
    licence="generated; nobody's",
    citation="S. Hochreiter and J. Schmidhuber. Long Short-Term Memory. Neural Computation 9(8), 1997.",
    homepage="https://doi.org/10.1162/neco.1997.9.8.1735",
    columns=("frames", "target"),
    configs=("50", "200", "1000"),
    rows=_rows,
)
