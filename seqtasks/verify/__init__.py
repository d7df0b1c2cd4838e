"""What a toolkit promises, checked on the user's own model and rows.

    answers (batches, padding, order, threads) | files | decoding | resuming | exporting -> verify -> verify.json

Each check computes the same thing in two ways, and says by how much the two differ.
"""

from seqtasks.verify.finding import Finding
from seqtasks.verify.terminal import print_findings
from seqtasks.verify.verify import verify

__all__ = ["Finding", "print_findings", "verify"]
