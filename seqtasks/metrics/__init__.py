"""Strings, labels and numbers in, `Score`s out; no tensors.

`classification`, `tagging`, `text`, `edit`, `regression`, `likelihood`, `variety` and `tunes` each score one kind of
prediction; `bootstrap` gives their intervals and `counts` their ratios. They are imported by name, so that reading a
`Score` loads neither sacrebleu nor seqeval.
"""

from seqtasks.metrics.bootstrap import bootstrap_interval
from seqtasks.metrics.score import Score

__all__ = ["Score", "bootstrap_interval"]
