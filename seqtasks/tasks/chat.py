"""Many-to-many of other length: something said in, a reply out.

"What is your name?"  ->  "I am just an artificial intelligence."
"""

from collections.abc import Sequence
from typing import ClassVar

from datasets import Dataset

from seqtasks.metrics.score import Score
from seqtasks.metrics.text import text_scores
from seqtasks.metrics.variety import distinct_scores
from seqtasks.tasks.baselines import translation_memory
from seqtasks.tasks.examples import Prediction, plain, values
from seqtasks.tasks.readers import Reader, UtteranceReader
from seqtasks.tasks.translation import Translation


class Chat(Translation):
    """Utterance to reply, as in Vinyals and Le 2015 (arXiv:1506.05869): a translation with many right answers."""

    name: ClassVar = "chat"
    primary: ClassVar = "chrf"
    reader_class: ClassVar[type[Reader]] = UtteranceReader
    text_role: ClassVar = "reply"

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """ChrF and BLEU against the one reply on record, and how varied the replies are."""
        texts = values(predictions)
        options = self.recipe.scores.model_dump()
        scores = text_scores(self.alternatives(rows), texts, metrics=("chrf", "bleu"), **options, intervals=intervals)
        return [*scores, *distinct_scores(texts)]

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """The reply to the most similar utterance of training."""
        return {"nearest utterance": plain(translation_memory(train["utterance"], train["reply"], test["utterance"]))}
