"""`catalog/counting`: 1, 2, 3, ... as a column of numbers, the least forecasting problem there is.

Training and validation are the numbers 1 to 6; test is 4 to 7, so a model has to go one step beyond what it saw.
"""

from datasets import Dataset, Features, Value

from seqtasks.data.catalog.catalog_set import CatalogSet

_NUMBERS = {"train": range(1, 7), "validation": range(1, 7), "test": range(4, 8)}
_FEATURES = Features({"value": Value("float32")})


def _rows(archive: None, config: str | None) -> dict[str, Dataset]:
    return {
        split: Dataset.from_dict({"value": list(numbers)}, features=_FEATURES) for split, numbers in _NUMBERS.items()
    }


COUNTING = CatalogSet(
    name="counting",
    title="Counting",
    description="the numbers 1 to 7 in order",
    wheel=None,
    licence="generated; nobody's",
    citation="none needed",
    homepage=None,
    columns=("value",),
    rows=_rows,
)
