"""Ctrl-C in training: the running step ends first, so that the checkpoint is a whole one."""

import signal
import threading
from types import FrameType
from typing import Self


class DeferredInterrupt:
    """While it is entered, Ctrl-C is remembered instead of raised; a second one is heeded at once.

    Attributes:
        requested: whether Ctrl-C was pressed.
    """

    def __init__(self) -> None:
        self.requested = False

    def __enter__(self) -> Self:
        # Python hands signals to the main thread only.
        self._watching = threading.current_thread() is threading.main_thread()
        if self._watching:
            self._previous = signal.signal(signal.SIGINT, self._request)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._watching:
            signal.signal(signal.SIGINT, self._previous)

    def _request(self, signum: int, frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
