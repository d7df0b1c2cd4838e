"""A conversation. Each reply is to the utterance before it alone."""

from typing import Any

import gradio as gr

from seqtasks.demo.events import in_words
from seqtasks.demo.kinds.rows import some_texts
from seqtasks.demo.subject import Subject

MOST_EXAMPLES = 4


def build(page: Any, subject: Subject) -> None:
    """A conversation, with some utterances to begin with."""

    def reply(message: str, history: list[Any]) -> str:
        if not message.strip():
            return "(Say something.)"
        (answer,) = subject.predictor.predict([message.strip()])
        return str(answer) or "(nothing)"

    gr.ChatInterface(
        in_words(reply),
        chatbot=gr.Chatbot(label="Conversation", show_label=False, height=420, buttons=[], render_markdown=False),
        textbox=gr.Textbox(placeholder="Say something", label="You", show_label=False, submit_btn=True),
        examples=[[text] for text in some_texts(subject)[:MOST_EXAMPLES]],
        cache_examples=False,
        analytics_enabled=False,
        concurrency_limit=1,
        api_visibility="private",
        fill_height=False,
    )
