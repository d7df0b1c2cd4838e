"""Every exception that seqtasks raises on purpose.

    SeqtasksError
    ├── RecipeError      (ValueError)    a recipe or an override says something impossible
    ├── DataError        (ValueError)    a data set lacks what the recipe asks of it
    │   └── DownloadError                a catalog package cannot be fetched, or is not what it should be
    ├── RunError         (RuntimeError)  a run directory is missing, damaged, in use or of another version
    │   ├── ExportError                  an export is impossible, damaged, or answers otherwise than its run
    │   └── HubError                     a run cannot be brought to the Hugging Face Hub, or fetched from it
    ├── MemoryExceededError (MemoryError) a batch does not fit into memory and cannot be split
    ├── DivergedError    (FloatingPointError) a loss, a score or a probability is not a finite number any more
    └── TrainingInterruptedError         Ctrl-C or SIGTERM came and a checkpoint is written

Each one subclasses the built-in exception that a caller would expect as well, so `except ValueError`
works. A message reads `where: what was given; what was expected; what to do`. The command line prints
it as one line and exits with 2, because its reader can mend the cause.
"""


class SeqtasksError(Exception):
    """Base of everything that seqtasks raises on purpose."""


class RecipeError(SeqtasksError, ValueError):
    """A recipe or an override says something impossible. All its mistakes are listed, one a line."""


class DataError(SeqtasksError, ValueError):
    """A data set lacks a column, a split or a row of the shape that the recipe needs."""


class DownloadError(DataError):
    """A catalog package could not be fetched, or its checksum is not the one on record."""


class RunError(SeqtasksError, RuntimeError):
    """A run directory is missing, damaged, in the way, or written by another version."""


class ExportError(RunError):
    """A run cannot be exported, an export is damaged, or its answers are not those of the run."""


class HubError(RunError):
    """A run cannot be uploaded to the Hugging Face Hub, or there is none of this name on it."""


class DivergedError(SeqtasksError, FloatingPointError):
    """Training has diverged: a loss, a score or a probability is not a finite number any more."""


class MemoryExceededError(SeqtasksError, MemoryError):
    """A batch does not fit into memory, and cannot be split."""


class TrainingInterruptedError(SeqtasksError):
    """Ctrl-C was pressed or SIGTERM came. A checkpoint has been written."""
