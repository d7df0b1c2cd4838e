"""The model card: what a run is, how good, how it is used and what it cannot, as the Hub shows it.

All of it comes from the run's files. Text from data is escaped, or stands in a code block that it cannot end.
"""

import re
from collections.abc import Iterator

from seqtasks.input_lines import InputField
from seqtasks.recipe import dump_recipe
from seqtasks.report.durations import duration
from seqtasks.report.headline import headline, score_title
from seqtasks.report.markdown import code, escape_markdown, score_table, table_row
from seqtasks.report.run_files import Run
from seqtasks.share.metadata import is_on_hub, metadata
from seqtasks.share.names import HubName

_EXAMPLES = {
    "text": ('["some text"]', '"some text"'),
    "source": ('["some text"]', '"some text"'),
    "utterance": ('["some text"]', '"some text"'),
    "word": ('["word"]', "word"),
    "tokens": ('[["some", "words"]]', '"some words"'),
    "attributes": ('["name=value, name=value"]', '"name=value, name=value"'),
    "image": ('["picture.png"]', "picture.png"),
    "frames": ("[[[0.1, 0.2], [0.3, 0.4]]]", "'[[0.1, 0.2], [0.3, 0.4]]'"),
    "value": ("[[1.0, 2.0, 3.0]]", '"1.0 2.0 3.0"'),
}
"""How an input of each role is written in Python and on the command line."""


def model_card(run: Run, name: HubName) -> str:
    """The whole README.md of a run on the Hub."""
    sections = [_result, _use, _scores, _data, _limits, _verified, _training]
    texts = ["\n".join(section(run, name)) for section in sections]
    return "\n\n".join([f"---\n{metadata(run, name=name.repo.split('/')[1])}---", *filter(None, texts)]) + "\n"


def _result(run: Run, name: HubName) -> Iterator[str]:
    summary, dataset = headline(run), run.data.dataset
    yield f"# {escape_markdown(dataset.title or dataset.path or run.name)}: {run.task.replace('_', ' ')}"
    yield ""
    yield f"**{escape_markdown(summary.sentence)}**"
    yield ""
    yield escape_markdown(summary.verdict)
    yield ""
    parameters = f" of {run.data.parameters:,} parameters" if run.data.parameters is not None else ""
    yield f"A recurrent network{parameters}, trained by seqtasks {escape_markdown(run.environment.seqtasks)}."


def _use(run: Run, name: HubName) -> Iterator[str]:
    python, line = _EXAMPLES[InputField.of(run.recipe).role]
    yield "## Use"
    yield ""
    yield "```python"
    yield "import seqtasks"
    yield f'model = seqtasks.load("{name}")'
    yield f"print(model.predict({python}))"
    yield "```"
    yield ""
    yield "```sh"
    if run.task == "language_modeling":
        yield f'seqtasks generate {name} --prompt "It was"'
    else:
        yield f"echo {line} | seqtasks predict {name}"
    yield "```"
    yield ""
    yield "Weights are safetensors; loading executes nothing of this repository, and checks its files by their SHA-256."


def _scores(run: Run, name: HubName) -> Iterator[str]:
    yield "## Scores on the test split"
    yield ""
    yield from score_table(run)
    yield ""
    yield (
        "Intervals are 95% bootstrap intervals over the test rows: they say nothing of other seeds. The other columns "
        "are simple baselines on the same rows."
    )
    yield ""
    yield from (f"- {score_title(score.name)}: {code(score.signature)}" for score in run.scores.test.scores)


def _data(run: Run, name: HubName) -> Iterator[str]:
    dataset = run.data.dataset
    rows = ", ".join(f"{split} {statistics.rows:,}" for split, statistics in run.data.splits.items())
    yield "## Data"
    yield ""
    where = " ".join(part for part in (dataset.path, dataset.name) if part)
    yield (
        f"- data set: {escape_markdown(dataset.title or where)} ({code(where)})" if where else "- data set: not stated"
    )
    yield f"- rows: {escape_markdown(rows)}"
    yield f"- licence of the data: {escape_markdown(dataset.licence or 'not stated')}"
    if is_on_hub(run) or re.fullmatch(r"https?://[\w./~%+-]+", dataset.homepage or "", re.ASCII):
        yield f"- home page: <{dataset.homepage}>"
    if dataset.citation:
        yield ""
        yield from _block(dataset.citation, "")


def _limits(run: Run, name: HubName) -> Iterator[str]:
    yield "## Limits"
    yield ""
    dataset, splits = run.data.dataset, run.data.splits
    where = escape_markdown(dataset.title or dataset.path or "its data set")
    rows = f" {splits['train'].rows:,} rows" if "train" in splits else ""
    yield f"- It has learned from{rows} of {where}; on inputs of another kind its scores do not hold."
    yield from (f"- It began with {what}: {code(where)}." for what, where in _beginnings(run))
    yield "- What is wrong or one-sided in its data it has learned too; nobody has looked for it."
    yield from (f"- {escape_markdown(note)}" for note in headline(run).notes)
    twins = {split: count for split, count in run.data.duplicates.items() if count}
    if twins:
        found = ", ".join(f"{count:,} of {split}" for split, count in twins.items())
        yield f"- Inputs that also stand in the training rows: {escape_markdown(found)}."
    for split, statistics in splits.items():
        if split == "train":
            continue
        if statistics.unknown_rate and statistics.unknown_rate >= 0.0005:
            share = f"{100 * statistics.unknown_rate:.1f}%"
            yield f"- {share} of the tokens of {escape_markdown(split)} were unknown to it."
        if statistics.empty:
            yield f"- {statistics.empty:,} inputs of {escape_markdown(split)} are empty."
    if limit := getattr(getattr(run.recipe, "tokenizer", None), "max_length", None):
        yield f"- Inputs are cut after {limit:,} tokens."


def _beginnings(run: Run) -> Iterator[tuple[str, str]]:
    """What the model had learned before, and from where."""
    if vectors := getattr(getattr(run.recipe, "input", None), "vectors", None):
        yield "word vectors", vectors
    if run.recipe.train.init_from:
        yield "the input and backbone of another run", run.recipe.train.init_from


def _verified(run: Run, name: HubName) -> Iterator[str]:
    if not run.findings:
        return
    yield "## Verified"
    yield ""
    yield "The same, computed in two ways on this model and its test rows by `seqtasks verify`:"
    yield ""
    yield table_row(["check", "compared", "outcome", "cases", "differ", "deviation", "allowed"])
    yield table_row(["---", "---", "---", "---:", "---:", "---:", "---:"])
    for finding in run.findings:
        compared = f"{finding.question}; {finding.reason}" if finding.reason else finding.question
        figures = ["–"] * 4
        if finding.outcome != "left out":
            deviation = "–" if finding.deviation is None else f"{finding.deviation:.1e}"
            figures = [f"{finding.cases:,}", f"{finding.differing:,}", deviation, f"{finding.tolerance:g}"]
        yield table_row([escape_markdown(finding.name), escape_markdown(compared), finding.outcome, *figures])


def _training(run: Run, name: HubName) -> Iterator[str]:
    environment, end = run.environment, run.log.end
    yield "## Training"
    yield ""
    if end:
        yield f"- {end.step:,} steps in {duration(end.seconds)}"
    yield (
        f"- on {escape_markdown(environment.device)}, {escape_markdown(environment.platform)}; "
        f"seqtasks {escape_markdown(environment.seqtasks)}, torch {escape_markdown(environment.torch)}, "
        f"Python {escape_markdown(environment.python)}"
    )
    yield f"- begun {escape_markdown(environment.started)}"
    yield f"- repeat it: {code(environment.command)}"
    yield ""
    yield "The recipe, with every default filled in:"
    yield ""
    yield from _block(dump_recipe(run.recipe), "yaml")


def _block(text: str, language: str) -> Iterator[str]:
    """A code block whose fence is longer than any in the text."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    yield fence + language
    yield text.rstrip("\n")
    yield fence
