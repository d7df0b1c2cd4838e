"""Runs side by side: which is better, how surely, where it gains and loses, and what was done otherwise.

    contestants -> statistics -> significance -> comparison -> gains, changes -> wording -> page | tables | terminal

As the report does, it reads the files of run directories only, never a model.
"""

from seqtasks.compare.comparison import Comparison, compare_runs
from seqtasks.compare.tables import FORMS
from seqtasks.compare.terminal import print_comparison

__all__ = ["FORMS", "Comparison", "compare_runs", "print_comparison"]
