"""From what somebody does on the page to an answer: one at a time, and what goes wrong is said in words."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any

import gradio as gr
from markupsafe import escape

from seqtasks.errors import SeqtasksError

ONE_AT_A_TIME = {"concurrency_id": "model", "concurrency_limit": 1}
"""All answers of a page share one place in its queue: there is one model."""


def respond(
    answer: Callable[..., Any],
    triggers: Sequence[Any],
    inputs: Sequence[Any],
    outputs: Sequence[Any],
    *,
    examples: Any = None,
) -> list[Any]:
    """Call a function whenever something happens.

    Args:
        answer: from the values of the inputs to those of the outputs; a generator shows them one after the other.
        triggers: events, such as `button.click`.
        inputs: components.
        outputs: components.
        examples: from `gradio.Examples`; one that is chosen is answered, too.

    Returns:
        The events that call it, which another may cancel.
    """
    options: dict[str, Any] = {
        "fn": in_words(answer),
        "inputs": list(inputs),
        "outputs": list(outputs),
        "api_visibility": "private",
        "show_progress": "minimal",
        "trigger_mode": "always_last",  # what is asked while an answer is under way is not lost
        **ONE_AT_A_TIME,
    }
    events = [gr.on(triggers, api_name=answer.__name__, **options)]
    if examples is not None:
        events.append(examples.load_input_event.then(**options))
    return events


def in_words(answer: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, whose errors that the user can mend appear on the page."""
    if inspect.isgeneratorfunction(answer):

        @wraps(answer)
        def stream(*values: Any) -> Iterator[Any]:
            try:
                yield from answer(*values)
            except SeqtasksError as error:
                raise _shown(error) from None

        return stream

    @wraps(answer)
    def call(*values: Any) -> Any:
        try:
            return answer(*values)
        except SeqtasksError as error:
            raise _shown(error) from None

    return call


def _shown(error: SeqtasksError) -> gr.Error:
    # Gradio takes the message for HTML.
    return gr.Error(str(escape(str(error))), title="This cannot be answered", duration=None, print_exception=False)
