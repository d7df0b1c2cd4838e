"""Answers as HTML. Every text of data or user goes through `Markup.format`, which escapes it."""

import math
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from seqtasks.prediction import Prediction
from seqtasks.saliency import Saliency

MAX_TOKENS = 60
"""Of a text whose attention is shown, on either side."""
RAREST = 1000
"""A word that one would meet once in so many has the strongest colour."""


def hint(text: str) -> str:
    """What to do, where there is no answer yet."""
    return Markup('<p class="hint">{}</p>').format(text)


def note(text: str) -> Markup:
    """Something that a reader should know of an answer."""
    return Markup('<p class="note">{}</p>').format(text)


def section(title: str, content: Markup) -> Markup:
    """A part of an answer under its title."""
    return Markup("<section><h2>{}</h2>{}</section>").format(title, content)


def big(text: str) -> Markup:
    """The answer itself."""
    return Markup('<p class="answer">{}</p>').format(text or "(an empty text)")


def for_and_against(found: Saliency, text: str) -> Markup:
    """A text whose words are coloured by what they have contributed to a label."""
    largest = max(map(abs, found.contributions), default=0.0) or 1.0
    parts, place = [], 0
    for (start, end), word, value in zip(found.spans, found.words, found.contributions, strict=True):
        side = "for" if value >= 0 else "against"
        parts.append(Markup("{}").format(text[place:start]))
        parts.append(
            Markup('<span class="{}" style="--v: {:.0f}%" title="{:+.2f} nats">{}</span>').format(
                side, 100 * abs(value) / largest, value, word
            )
        )
        place = end
    legend = Markup(
        '<p class="note"><span class="for" style="--v: 70%">for</span> <span class="against" style="--v: 70%">against'
        "</span> “{}”; the stronger the colour, the more. By integrated gradients.</p>"
    ).format(found.label)
    return Markup('<p class="words">{}</p>{}').format(Markup("").join(parts), legend)


def improbable(parts: Sequence[tuple[str, float]], *, given: int = 0) -> Markup:
    """A text whose words are coloured by how improbable a language model finds them.

    Args:
        parts: of the text, and the nats of each.
        given: so many of them were not written by the model.
    """
    words: list[tuple[str, float, bool]] = []
    for place, (part, nats) in enumerate(parts):
        if words and not part[:1].isspace() and words[-1][2] == (place < given):
            before, spent, mine = words[-1]
            words[-1] = (before + part, spent + nats, mine)
        else:
            words.append((part, nats, place < given))
    spans = [
        Markup('{}<span class="rare{}" style="--v: {:.0f}%" title="1 in {:,.0f}">{}</span>').format(
            " " if word[:1].isspace() else "",
            " given" if was_given else "",
            100 * min(1.0, nats / math.log(RAREST)),
            math.exp(min(nats, 50.0)),
            word.strip(),
        )
        for word, nats, was_given in words
    ]
    return Markup('<p class="words">{}</p>').format(Markup("").join(spans))


def n_best(candidates: Sequence[Prediction]) -> Markup:
    """Several texts with their probabilities."""
    rows = [
        Markup("<tr><td>{}</td><td>{}</td></tr>").format(
            candidate.value or "(an empty text)", percent(math.exp(candidate.details["score"]))
        )
        for candidate in candidates
    ]
    return Markup('<table class="list"><thead><tr><th>Text</th><th>Probability</th></tr></thead>{}</table>').format(
        Markup("<tbody>{}</tbody>").format(Markup("").join(rows))
    )


def percent(share: float) -> str:
    """A share as people write it: 94%, 3.1%, 0.02%."""
    if share >= 0.1:
        return f"{100 * share:.0f}%"
    return f"{100 * share:.2g}%" if share >= 1e-5 else "below 0.001%"


def attention_table(found: dict[str, Any]) -> Markup:
    """Written tokens as rows, read ones as columns; the stronger a cell, the more was looked there."""
    source, target = found["source"][:MAX_TOKENS], found["target"][:MAX_TOKENS]
    head = Markup("").join(Markup("<th><span>{}</span></th>").format(_token(token)) for token in source)
    rows = [
        Markup("<tr><th>{}</th>{}</tr>").format(
            _token(written),
            Markup("").join(
                Markup('<td style="--v: {:.0f}%" title="{} → {}: {:.0%}"></td>').format(
                    100 * weight, _token(written), _token(read), weight
                )
                for read, weight in zip(source, weights, strict=False)
            ),
        )
        for written, weights in zip(target, found["weights"], strict=False)
    ]
    return Markup(
        '<div class="scroll" tabindex="0" role="group" aria-label="Attention"><table class="attention">'
        "<thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(head, Markup("").join(rows))


def attention_grids(found: dict[str, Any]) -> Markup:
    """For each written token the regions of the picture, as they lie in it."""
    side = math.isqrt(len(found["source"]))
    grids = [
        Markup(
            '<figure><div class="regions" style="--side: {}" aria-hidden="true">{}</div>'
            "<figcaption>{}</figcaption></figure>"
        ).format(
            side,
            Markup("").join(
                Markup('<i style="--v: {:.0f}%"></i>').format(100 * weight / max(weights)) for weight in weights
            ),
            _token(written),
        )
        for written, weights in zip(found["target"][:MAX_TOKENS], found["weights"], strict=False)
    ]
    return Markup('<div class="grids">{}</div>').format(Markup("").join(grids))


def _token(token: str) -> str:
    return {"</s>": "end"}.get(token, token.replace("▁", "") or "␣")
