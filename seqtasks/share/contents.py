"""What of a run goes to the Hub.

Always: what is needed to answer, and what says how good the answers are. Never: checkpoints, exports, and whatever is
not of the run. Files that hold rows of the data, or their words, go only if the user says so, for the licence of the
data may forbid it and rows may be private: `predictions.jsonl`, `attention.json`, `frequencies.json` and `report.html`,
which shows examples. No file tells the folders of the machine that trained it.
"""

import shutil
from pathlib import Path

from seqtasks.checksums import SUMS, write_checksums
from seqtasks.errors import RunError
from seqtasks.files import write_text
from seqtasks.report import write_report
from seqtasks.report.run_files import read_run
from seqtasks.share.card import model_card
from seqtasks.share.names import HubName
from seqtasks.share.private import CLEANED

ALWAYS = (
    "environment.json",
    "recipe.yaml",
    "data.json",
    "tokenizer.json",
    "tokenizer_characters.json",
    "factors.json",
    "tokenizer_letters.json",
    "attributes.json",
    "labels.json",
    "scaling.json",
    "scaling_outputs.json",
    "series.json",
    "intervals.json",
    "model.safetensors",
    "scores.json",
    "verify.json",
)
LOG = "log.jsonl"
LARGEST_LOG = 5_000_000
"""Bytes of a log that is uploaded; a longer one helps nobody to judge a model."""

WITH_ROWS = ("predictions.jsonl", "attention.json", "frequencies.json")
REPORT = "report.html"
CARD = "README.md"

UNSEALED = frozenset({"verify.json", REPORT, CARD, SUMS})
"""Files without a checksum: they are written anew, and nothing is computed from them."""

FETCHED = (*ALWAYS, LOG, *WITH_ROWS, SUMS)
"""Files that loading asks the Hub for, whoever put them there."""


def gather(run: Path, name: HubName, folder: Path, *, with_predictions: bool) -> None:
    """Write what goes to the Hub into a folder: a run directory of its own, with its own checksums.

    Args:
        run: a run directory.
        name: on the Hub.
        folder: empty; its name becomes the run's.
        with_predictions: the files with rows of the data too.

    Raises:
        RunError: the run is not finished, or damaged.
    """
    read_run(run)
    if not (run / "model.safetensors").is_file():
        raise RunError(
            f"{run / 'model.safetensors'}: there is no such file; expected the weights of a finished run; "
            "go on with it by `seqtasks run ... --resume`"
        )
    for file in filter(Path.is_file, (run / name for name in (*ALWAYS, LOG, *WITH_ROWS))):
        if file.name in CLEANED:
            write_text(folder / file.name, CLEANED[file.name](file))
        else:
            shutil.copyfile(file, folder / file.name)
    write_text(folder / CARD, model_card(read_run(folder), name))
    if with_predictions:
        write_report(folder)  # anew, as the run's own shows the folders that are left out
        (folder / "report.md").unlink()  # the card says the same
    else:
        for left_out in WITH_ROWS:
            (folder / left_out).unlink(missing_ok=True)
    if (log := folder / LOG).exists() and log.stat().st_size > LARGEST_LOG:
        log.unlink()
    write_checksums(folder, {file.name for file in folder.iterdir()} - UNSEALED)
