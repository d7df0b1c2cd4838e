"""Ctrl-C and SIGTERM in training: the running step ends first, so that the checkpoint is a whole one."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Self

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class DeferredInterrupt:
    """While it is entered, Ctrl-C and SIGTERM are remembered instead of raised; a second one is heeded at once.

    Attributes:
        requested: whether one has come.
    """

    def __init__(self) -> None:
        self.requested = False
        self._heed = False

    def __enter__(self) -> Self:
        # Python hands signals to the main thread only.
        watching = threading.current_thread() is threading.main_thread()
        self._previous = {number: signal.signal(number, self._request) for number in SIGNALS if watching}
        return self

    def __exit__(self, *exception: object) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Raise `KeyboardInterrupt` as soon as one comes: what runs within can be given up at any place."""
        self._heed = True
        try:
            if self.requested:
                raise KeyboardInterrupt
            yield
        finally:
            self._heed = False

    def _request(self, signum: int, frame: FrameType | None) -> None:
        again, self.requested = self.requested, True
        if again or self._heed:
            raise KeyboardInterrupt
