"""Writes docs/attention.md: a translator with attention beside one without, by the length of the source.

    python docs/attention.py runs/translate runs/translate_fixed

Both runs have the same test rows. The second one's decoder sees the source through one vector of fixed size.
"""

import sys
from collections import defaultdict
from pathlib import Path

import sacrebleu

from seqtasks.report.headline import format_interval, format_number, primary_score
from seqtasks.report.predictions import TextPrediction
from seqtasks.report.run_files import read_run

PAGE = Path(__file__).with_name("attention.md")
EDGES = (4, 6, 9, 13, 20)
"""Longest source, in tokens, of each bucket but the last."""


def main(with_attention: str, without: str) -> None:
    """Write the page."""
    runs = [read_run(Path(folder)) for folder in (with_attention, without)]
    buckets = [_by_length([row for row in run.predictions if isinstance(row, TextPrediction)]) for run in runs]
    lines = []
    for bucket in sorted(buckets[0]):
        low = EDGES[bucket - 1] + 1 if bucket else 1
        name = f"{low}-{EDGES[bucket]}" if bucket < len(EDGES) else f"{low} and more"
        scores = [_bleu(rows[bucket]) for rows in buckets]
        cells = [name, f"{len(buckets[0][bucket]):,}", *(f"{score:.1f}" for score in scores)]
        lines.append(f"| {' | '.join(cells)} | {scores[1] - scores[0]:+.1f} |")
    totals = [primary_score(run.scores) for run in runs]
    shown = [f"{format_number(score.value, score.unit)} ({format_interval(score)})" for score in totals]
    parameters = [f"{run.data.parameters or 0:,}" for run in runs]
    cells = [
        "all, with 95% interval",
        f"{len(runs[0].predictions):,}",
        *shown,
        f"{totals[1].value - totals[0].value:+.1f}",
    ]
    PAGE.write_text(
        f"""# What attention is for

Written by `python docs/attention.py {with_attention} {without}`; not by hand.

Two recipes that differ in one line, `head.attention`: [translate](../recipes/translate.yaml) lets the decoder look at
every state of the encoder, [translate_fixed](../recipes/translate_fixed.yaml) hands it the final state alone. BLEU
(sacrebleu, 13a, cased) on the test rows by source length in tokens; one run each, seed 0.

| source tokens | rows | with attention | fixed vector | difference |
|---|---|---|---|---|
{chr(10).join(lines)}
| {" | ".join(cells)} |
| parameters | | {parameters[0]} | {parameters[1]} | |
""",
        encoding="utf-8",
    )
    print(f"wrote {PAGE}")


def _by_length(rows: list[TextPrediction]) -> dict[int, list[TextPrediction]]:
    buckets: dict[int, list[TextPrediction]] = defaultdict(list)
    for row in rows:
        buckets[sum(row.length > edge for edge in EDGES)].append(row)
    return buckets


def _bleu(rows: list[TextPrediction]) -> float:
    references = [[row.reference[0] for row in rows]]
    return float(sacrebleu.corpus_bleu([row.prediction for row in rows], references).score)


if __name__ == "__main__":
    main(*sys.argv[1:3])
