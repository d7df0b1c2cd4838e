"""One-to-many: a set of attributes in, a text that says them out.

name=Blue Spice, food=French, area=riverside  ->  "Blue Spice is a French place by the river."
"""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import Any, ClassVar, Self

from datasets import Dataset

from seqtasks.data.attributes import copied_names, delexicalized, lexicalized, parse
from seqtasks.data.tokenization import TextTokenizer
from seqtasks.metrics.score import Score
from seqtasks.metrics.text import text_scores
from seqtasks.tasks.examples import Prediction, plain, values
from seqtasks.tasks.readers import AttributeReader, Reader
from seqtasks.tasks.writing import Writing


class Description(Writing):
    """Attributes to texts."""

    name: ClassVar = "description"
    shape: ClassVar = "one-to-many"
    primary: ClassVar = "bleu"
    reader_class: ClassVar[type[Reader]] = AttributeReader
    text_role: ClassVar = "description"

    @classmethod
    def fit(cls, recipe: Any, rows: Dataset) -> Self:
        """Learn the attributes, and the vocabulary of the texts without the names that are copied."""
        copied = recipe.attributes.delexicalize
        names = [copied_names(parse(attributes), copied) for attributes in rows["attributes"]]
        texts = [
            delexicalized(text, found)
            for texts, found in zip(cls.alternatives(rows), names, strict=True)
            for text in texts
        ]
        tokenizer = TextTokenizer.fit(texts, recipe.tokenizer, whole_tokens=[f"<{name}>" for name in copied])
        return cls(recipe, AttributeReader.fit(recipe, rows["attributes"]), tokenizer)

    def prepare(self, text: str, note: Any) -> str:
        """Names become tokens."""
        return delexicalized(text, note)

    def finish(self, text: str, note: Any) -> str:
        """Tokens become names."""
        return lexicalized(text, note)

    def source_tokens(self, inputs: Sequence[Any]) -> list[list[str]]:
        """The attributes."""
        return [[f"{name}={value}" for name, value in parse(attributes)] or ["-"] for attributes in inputs]

    def score(self, rows: Dataset, predictions: Sequence[Prediction], *, intervals: bool = True) -> list[Score]:
        """BLEU and chrF of one text for each distinct set of attributes, against the texts of all rows that have it."""
        references: defaultdict[Hashable, list[str]] = defaultdict(list)
        answers: dict[Hashable, str] = {}
        for key, texts, answer in zip(self.keys(rows), self.alternatives(rows), values(predictions), strict=True):
            references[key] += texts
            answers.setdefault(key, answer)
        return text_scores(
            list(references.values()),
            list(answers.values()),
            metrics=("bleu", "chrf"),
            **self.recipe.scores.model_dump(),
            intervals=intervals,
        )

    def baselines(self, train: Dataset, test: Dataset) -> dict[str, list[Prediction]]:
        """The text of the training row that shares most attributes, with the names put in."""
        copied = self.recipe.attributes.delexicalize
        memory: dict[frozenset[str], str] = {}
        for attributes, text in zip(train["attributes"], self.references(train), strict=True):
            pairs = parse(attributes)
            memory.setdefault(_general(pairs, copied), delexicalized(text, copied_names(pairs, copied)))
        found: dict[frozenset[str], str] = {}
        answers = []
        for attributes in test["attributes"]:
            pairs = parse(attributes)
            asked = _general(pairs, copied)
            if asked not in found:
                found[asked] = memory[max(memory, key=lambda known: len(known & asked) / len(known | asked))]
            answers.append(lexicalized(found[asked], copied_names(pairs, copied)))
        return {"most similar attributes": plain(answers)}


def _general(pairs: Sequence[tuple[str, str]], copied: Sequence[str]) -> frozenset[str]:
    """The attributes without the values of names; one element at least, so that sets can be compared."""
    return frozenset([name if name in copied else f"{name}={value}" for name, value in pairs] or [""])
