"""`log.jsonl`: what happened in training, one JSON object a line."""

import json
from pathlib import Path
from typing import Any

from accelerate.tracking import GeneralTracker

from seqtasks.files import write_text
from seqtasks.training.tracking import track


class RunLog:
    """Appends events to a file.

    Args:
        path: of the file; made when the first event is written.

    Attributes:
        tracker: is told of each event; None: nobody is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tracker: GeneralTracker | None = None

    def write(self, event: str, **values: Any) -> None:
        """Append one event."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"event": event, **values}) + "\n")
        if self.tracker is not None:
            track(self.tracker, event, values)

    def rewind(self, step: int) -> None:
        """Drop what was logged after the checkpoint of a step, so that a resumed run does not log it twice."""
        if not self.path.exists():
            return
        kept = []
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                event = json.loads(line)
            except ValueError:  # the line that was being written when the run was killed
                continue
            if event["event"] != "end" and event["step"] <= step:
                kept.append(line + "\n")
        write_text(self.path, "".join(kept))
