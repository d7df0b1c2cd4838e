"""A conversation. Each reply is to the utterance before it alone.

`gradio.ChatInterface` is not used: it puts what is said on the page as HTML.
"""

from typing import Any

import gradio as gr
from markupsafe import escape

from seqtasks.demo.events import respond
from seqtasks.demo.kinds.rows import some_texts, text_examples
from seqtasks.demo.subject import Subject

Turn = tuple[str, str]
"""Who has said what: `user` or `assistant`, and the text."""


def build(page: Any, subject: Subject) -> None:
    """A conversation, with some utterances to begin with."""

    def reply(said: str, turns: list[Turn]) -> tuple[str, list[Turn], list[dict[str, str]]]:
        if said.strip():
            (answer,) = subject.predictor.predict([said.strip()])
            turns = [*turns, ("user", said.strip()), ("assistant", answer or "(nothing)")]
        return "", turns, [{"role": role, "content": str(escape(text))} for role, text in turns]

    turns = gr.State([])
    conversation = gr.Chatbot(
        label="Conversation",
        show_label=False,
        height=380,
        buttons=[],
        render_markdown=False,
        placeholder="Each reply is to the line before it alone.",
    )
    box = gr.Textbox(label="You", placeholder="Say something", lines=1, submit_btn="Say it")
    examples = text_examples(some_texts(subject), box)
    conversation.clear(list, outputs=[turns], api_visibility="private")
    respond(reply, [box.submit], [box, turns], [box, turns, conversation], examples=examples)
