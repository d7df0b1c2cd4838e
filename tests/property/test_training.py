"""What the training loop promises: how it is cut, watched, stopped and resumed does not change the weights."""

import io
import json
import math
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from accelerate.state import AcceleratorState
from datasets import Dataset
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from torch import Tensor, nn

from seqtasks.backbone import Batch, Images
from seqtasks.data.batching import training_batches
from seqtasks.errors import DivergedError, RecipeError, RunError, SeqtasksError
from seqtasks.heads import HeadOutput, score_targets
from seqtasks.metrics.score import Score
from seqtasks.recipe import parse_recipe
from seqtasks.recipe.blocks import TrainBlock
from seqtasks.run import make_trainer
from seqtasks.run_directory import RunDirectory
from seqtasks.tasks import task_class
from seqtasks.training.checkpoint import Checkpoints, Progress, load_weights, model_tensors
from seqtasks.training.log import RunLog
from seqtasks.training.loop import Trainer, TrainingInterruptedError
from seqtasks.training.optimizer import learning_rate
from seqtasks.training.reporter import Reporter
from seqtasks.training.source import Source

FEATURES = torch.randn(10, 3, generator=torch.Generator().manual_seed(0))
ONES = np.ones(10, np.int64)
LABELS = torch.randint(0, 2, (10,), generator=torch.Generator().manual_seed(1))


@pytest.fixture(autouse=True)
def _quick_and_exact(monkeypatch):
    """One thread, for sums over several may differ in their last bit; no waiting for the disk."""
    monkeypatch.setattr("os.fsync", lambda file: None)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


class Toy(nn.Module):
    """Logistic regression, with dropout where the random state is to matter."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.dropout, self.output = nn.Dropout(dropout), nn.Linear(3, 2)

    def forward(self, batch: Batch) -> HeadOutput:
        return score_targets(self.output(self.dropout(batch.inputs.pixels)), batch.targets)


def _toy_trainer(
    path: Path,
    block: TrainBlock,
    *,
    batches: Callable[[int], list[Any]] | None = None,
    collate: Callable[[Any], Batch] = lambda rows: Batch(Images(FEATURES[rows]), LABELS[rows]),
    scores: list[float] | None = None,
    metric: str = "accuracy",
) -> Trainer:
    """A trainer whose validation scores are given in advance; without any, they rise from step to step."""
    torch.manual_seed(block.seed)
    left = iter(scores or ())

    def evaluate() -> list[Score]:
        torch.rand(3)  # an evaluation that draws random numbers must not change the training
        return [Score("accuracy", float(next(left, trainer.progress.step)), "0-1", True, "", "")]

    trainer = Trainer(
        Toy(dropout=0.5 if batches is None else 0.0),
        Source(batches or (lambda e: training_batches(ONES, tokens_per_batch=3, seed=0, epoch=e)), collate),
        evaluate=evaluate,
        metric=metric,
        block=block,
        checkpoints=Checkpoints(path / "checkpoints"),
        log=RunLog(path / "log.jsonl"),
        reporter=_silent(),
    )
    return trainer


def _silent() -> Reporter:
    return Reporter(Console(file=io.StringIO()))


def _weights(model: nn.Module) -> dict[str, Tensor]:
    return {name: tensor.detach().clone() for name, tensor in model_tensors(model).items()}


def _last_checkpoint(path: Path) -> dict[str, Tensor]:
    (file,) = (path / "checkpoints").glob("step-*.safetensors")
    return load_weights(file)


def _assert_same(found: dict[str, Tensor], expected: dict[str, Tensor]) -> None:
    assert found.keys() == expected.keys()
    assert [name for name in found if not torch.equal(found[name], expected[name])] == []


def _events(path: Path) -> list[dict[str, Any]]:
    """The log without what depends on the clock."""
    lines = map(json.loads, (path / "log.jsonl").read_text(encoding="utf-8").splitlines())
    return [{key: value for key, value in line.items() if "second" not in key} for line in lines]


# Accumulation ---------------------------------------------------------------------------------------------------


@settings(max_examples=10, deadline=None)
@given(cuts=st.sets(st.integers(1, 9), max_size=4))
def test_micro_batches_equal_one_big_batch(cuts, tmp_path_factory):
    results = []
    for pieces in ([range(10)], np.split(np.arange(10), sorted(cuts))):
        path = tmp_path_factory.mktemp("run")
        block = TrainBlock(
            optimizer="sgd", max_steps=2, learning_rate=0.5, logging_steps=1, gradient_accumulation_steps=len(pieces)
        )
        rows = [list(piece) for piece in pieces]
        trainer = _toy_trainer(path, block, batches=lambda epoch, rows=rows: rows)
        trainer.fit()
        trains = [event for event in _events(path) if event["event"] == "train"]
        assert [event["epoch"] for event in trains] == [1.0, 2.0]
        results.append(
            (_last_checkpoint(path)["model.output.weight"], [(event["loss"], event["grad_norm"]) for event in trains])
        )
    torch.testing.assert_close(results[0][0], results[1][0])
    np.testing.assert_allclose(results[0][1], results[1][1], rtol=1e-5)


def test_a_batch_without_targets_teaches_nothing(tmp_path):
    ignored = Batch(Images(FEATURES), torch.full_like(LABELS, -100))
    trainer = _toy_trainer(tmp_path, TrainBlock(max_steps=1), collate=lambda rows: ignored)
    before = _weights(trainer.raw_model)
    trainer.fit()
    _assert_same(_weights(trainer.raw_model), before)


# Repeating, watching, resuming ----------------------------------------------------------------------------------

TAGGING = """
task: tagging
dataset: {path: memory}
tokenizer: {min_frequency: 1}
input: {embedding_size: 4, dropout: 0.2, word_dropout: 0.2, characters: {embedding_size: 3, hidden_size: 4}}
backbone: {hidden_size: 4, bidirectional: true, dropout: 0.2, variational_dropout: true}
"""
TRANSLATION = """
task: translation
dataset: {path: memory}
tokenizer: {model: bpe, vocab_size: 60, min_frequency: 1, dropout: 0.3}
input: {embedding_size: 6, dropout: 0.2}
backbone: {cell: lstm, hidden_size: 4, bidirectional: true}
head: {embedding_size: 6, hidden_size: 8, cell: lstm, attention: dot, dropout: 0.2, label_smoothing: 0.1}
decoding: {max_length: 6}
"""
TRAIN = "train: {tokens_per_batch: 12, max_steps: 7, eval_steps: 3, logging_steps: 2, average_checkpoints: 2}"
ROWS = {
    TAGGING: {"tokens": [["a", "bc"], ["bc"], ["a", "d", "a"]] * 3, "tags": [["X", "Y"], ["Y"], ["X", "Z", "X"]] * 3},
    TRANSLATION: {"source": ["abc", "b", "", "ca"] * 2, "target": ["cba", "b", "", "ac"] * 2},
}
RECIPES = pytest.mark.parametrize("text", [TAGGING, TRANSLATION], ids=["tagging", "translation"])


def _trainer(text: str, path: Path, *overrides: str) -> Trainer:
    """As `seqtasks.run` makes it."""
    recipe = parse_recipe(text + TRAIN, source="test", overrides=overrides)
    torch.manual_seed(recipe.train.seed)
    rows = Dataset.from_dict(ROWS[text])
    splits = {"train": rows, "validation": rows.select(range(3))}
    task = task_class(recipe).fit(recipe, rows)
    examples = {name: task.encode(split, training=name == "train") for name, split in splits.items()}
    path.mkdir(exist_ok=True)
    return make_trainer(task, task.build(), splits, examples, directory=RunDirectory(path), reporter=_silent())


class _KilledError(Exception):
    pass


def _stop_at(trainer: Trainer, batch: int, how: Callable[[], None]) -> None:
    """Call `how` while the given micro-batch is made ready."""
    collate, seen = trainer.source.collate, iter(range(1, 1000))

    def interrupting(rows: Any) -> Batch:
        if next(seen) == batch:
            how()
        return collate(rows)

    trainer.source = replace(trainer.source, collate=interrupting)


def _kill() -> None:
    raise _KilledError


def _press_ctrl_c() -> None:
    signal.raise_signal(signal.SIGINT)


@RECIPES
def test_the_seed_decides_the_weights(text, tmp_path):
    trainers = [_trainer(text, tmp_path / str(index), f"train.seed={index // 2}") for index in range(3)]
    for index, trainer in enumerate(trainers):
        torch.manual_seed(index // 2)
        trainer.fit()
    _assert_same(_weights(trainers[1].raw_model), _weights(trainers[0].raw_model))
    assert _events(tmp_path / "0") == _events(tmp_path / "1")
    name = "head.output.weight"
    assert not torch.equal(trainers[2].raw_model.state_dict()[name], trainers[0].raw_model.state_dict()[name])


@RECIPES
def test_validating_does_not_change_the_training(text, tmp_path):
    for every in (1, 100):
        _trainer(text, tmp_path / str(every), f"train.eval_steps={every}").fit()
    _assert_same(_last_checkpoint(tmp_path / "1"), _last_checkpoint(tmp_path / "100"))


def test_a_validation_that_draws_random_numbers_does_not_either(tmp_path):
    for every in (1, 100):
        (tmp_path / str(every)).mkdir()
        _toy_trainer(tmp_path / str(every), TrainBlock(max_steps=9, eval_steps=every)).fit()
    _assert_same(_last_checkpoint(tmp_path / "1"), _last_checkpoint(tmp_path / "100"))


@RECIPES
@pytest.mark.parametrize(("how", "error"), [(_kill, _KilledError), (_press_ctrl_c, TrainingInterruptedError)])
@pytest.mark.parametrize("batch", [2, 5, 7])
def test_a_resumed_run_ends_as_if_it_had_not_stopped(text, how, error, batch, tmp_path):
    whole = _trainer(text, tmp_path / "whole")
    whole.fit()
    stopped = _trainer(text, tmp_path / "stopped")
    _stop_at(stopped, batch, how)
    with pytest.raises(error):
        stopped.fit()
    resumed = _trainer(text, tmp_path / "stopped")
    resumed.fit(resume=True)
    _assert_same(_weights(resumed.raw_model), _weights(whole.raw_model))
    _assert_same(_last_checkpoint(tmp_path / "stopped"), _last_checkpoint(tmp_path / "whole"))
    assert _events(tmp_path / "stopped") == _events(tmp_path / "whole")


@RECIPES
@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("validation", [1, 2, 3])
def test_a_validation_is_given_up_at_once_and_done_again(text, signal_number, validation, tmp_path):
    whole = _trainer(text, tmp_path / "whole")
    whole.fit()
    stopped = _trainer(text, tmp_path / "stopped")
    evaluate, seen = stopped.evaluate, iter(range(1, 1000))

    def interrupted() -> list[Score]:
        torch.rand(3)  # what it has drawn until then is forgotten
        if next(seen) == validation:
            signal.raise_signal(signal_number)
            pytest.fail("went on")
        return evaluate()

    stopped.evaluate = interrupted
    with pytest.raises(TrainingInterruptedError, match=f"stopped at step {[3, 6, 7][validation - 1]} of 7"):
        stopped.fit()
    resumed = _trainer(text, tmp_path / "stopped")
    resumed.fit(resume=True)
    _assert_same(_weights(resumed.raw_model), _weights(whole.raw_model))
    assert _events(tmp_path / "stopped") == _events(tmp_path / "whole")


def test_a_second_interrupt_stops_at_once_and_the_checkpoint_before_it_holds(tmp_path, monkeypatch):
    block = TrainBlock(max_steps=8, eval_steps=3, logging_steps=1)
    for name in ("whole", "stopped"):
        (tmp_path / name).mkdir()
    _toy_trainer(tmp_path / "whole", block).fit()
    stopped = _toy_trainer(tmp_path / "stopped", block)
    _stop_at(stopped, 5, lambda: [signal.raise_signal(signal.SIGINT) for _ in range(2)])
    with pytest.raises(KeyboardInterrupt):
        stopped.fit()
    resumed = _toy_trainer(tmp_path / "stopped", block)
    resumed.fit(resume=True)
    _assert_same(_last_checkpoint(tmp_path / "stopped"), _last_checkpoint(tmp_path / "whole"))
    assert _events(tmp_path / "stopped") == _events(tmp_path / "whole")


@pytest.mark.parametrize("method", ["save_candidate", "save", "drop_candidates"])
def test_a_run_killed_while_it_saves_can_be_resumed(method, tmp_path, monkeypatch):
    """Before and after each file of the second validation's checkpoint."""
    block = TrainBlock(max_steps=8, eval_steps=3, logging_steps=1)
    (tmp_path / "whole").mkdir()
    _toy_trainer(tmp_path / "whole", block).fit()
    for done in (False, True):
        path = tmp_path / f"{method}{done}"
        path.mkdir()
        stopped = _toy_trainer(path, block)
        original, calls = getattr(stopped.checkpoints, method), iter(range(100))

        def killed(*arguments: Any, original=original, calls=calls, done=done) -> None:
            second = next(calls) == 1
            if done or not second:
                original(*arguments)
            if second:
                raise _KilledError

        monkeypatch.setattr(stopped.checkpoints, method, killed)
        with pytest.raises(_KilledError):
            stopped.fit()
        _toy_trainer(path, block).fit(resume=True)
        _assert_same(_last_checkpoint(path), _last_checkpoint(tmp_path / "whole"))
        assert _events(path) == _events(tmp_path / "whole")


def test_a_finished_run_resumed_is_the_same(tmp_path):
    first = _trainer(TAGGING, tmp_path)
    first.fit()
    events = _events(tmp_path)
    again = _trainer(TAGGING, tmp_path)
    again.fit(resume=True)
    _assert_same(_weights(again.raw_model), _weights(first.raw_model))
    assert _events(tmp_path) == events


def test_a_run_killed_before_its_first_checkpoint_starts_its_log_anew(tmp_path):
    block = TrainBlock(max_steps=4, eval_steps=4, logging_steps=1)
    stopped = _toy_trainer(tmp_path, block)
    _stop_at(stopped, 3, _kill)
    with pytest.raises(_KilledError):
        stopped.fit()
    _toy_trainer(tmp_path, block).fit(resume=True)
    assert [event["step"] for event in _events(tmp_path) if event["event"] == "train"] == [1, 2, 3, 4]


# Schedules ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("constant", [0.5, 1, 1, 1, 1, 1]),
        ("linear", [0.5, 1, 1, 0.75, 0.5, 0.25]),
        ("cosine", [0.5, 1, 1, 0.5 + math.sqrt(0.125), 0.5, 0.5 - math.sqrt(0.125)]),
        ("inverse_sqrt", [0.5, 1, math.sqrt(2 / 3), math.sqrt(1 / 2), math.sqrt(2 / 5), math.sqrt(1 / 3)]),
    ],
)
def test_schedule(kind, expected, tmp_path):
    block = TrainBlock(learning_rate=2.0, lr_scheduler_type=kind, warmup_steps=2, max_steps=6, logging_steps=1)
    assert [learning_rate(step, 6, block) for step in range(1, 7)] == pytest.approx([2 * rate for rate in expected])
    _toy_trainer(tmp_path, block).fit()
    rates = [event["learning_rate"] for event in _events(tmp_path) if event["event"] == "train"]
    assert rates == pytest.approx([2 * rate for rate in expected])


# Which weights are chosen ---------------------------------------------------------------------------------------


def _end(path: Path) -> dict[str, Any]:
    return _events(path)[-1]


@pytest.mark.parametrize(
    ("by", "averaged_score", "averaged"),
    [("best", 5.0, [2, 3]), ("best", 4.9, [3]), ("last", 5.0, [3, 4]), ("last", 4.9, [3])],
)
def test_the_average_is_chosen_if_it_is_at_least_as_good(by, averaged_score, averaged, tmp_path):
    block = TrainBlock(max_steps=4, eval_steps=1, average_checkpoints=2, average_by=by)
    trainer = _toy_trainer(tmp_path, block, scores=[1, 3, 5, 2, averaged_score])
    trainer.fit()
    assert (_end(tmp_path)["best_step"], _end(tmp_path)["averaged_steps"]) == (3, averaged)
    files = {int(path.stem.removeprefix("weights-")): path for path in (tmp_path / "checkpoints").glob("weights-*")}
    assert set(files) == ({2, 3} if by == "best" else {3, 4})  # the others are deleted
    weights = [load_weights(files[step])["output.weight"] for step in averaged]
    torch.testing.assert_close(trainer.raw_model.output.weight.data, sum(weights) / len(weights))


def test_without_averaging_the_best_weights_are_chosen(tmp_path):
    trainer = _toy_trainer(tmp_path, TrainBlock(max_steps=4, eval_steps=1), scores=[1, 3, 3, 2])
    trainer.fit()
    assert _end(tmp_path)["averaged_steps"] == [2]
    assert [event["best"] for event in _events(tmp_path) if event["event"] == "eval"] == [True, True, False, False]
    best = load_weights(tmp_path / "checkpoints/weights-00000002.safetensors")
    _assert_same(_weights(trainer.raw_model), best)


def test_training_stops_early(tmp_path):
    block = TrainBlock(max_steps=9, eval_steps=1, early_stopping_patience=2)
    _toy_trainer(tmp_path, block, scores=[1, 3, 2, 3, 9]).fit()
    end = _end(tmp_path)
    assert (end["step"], end["best_step"], end["reason"]) == (4, 2, "early_stopping")


def test_epochs_and_validations_are_counted(tmp_path):
    """Four batches an epoch, two in a step."""
    block = TrainBlock(epochs=2.5, gradient_accumulation_steps=2, logging_steps=1)
    _toy_trainer(tmp_path, block).fit()
    assert [(event["step"], event["epoch"]) for event in _events(tmp_path) if event["event"] == "train"] == [
        (1, 0.5),
        (2, 1.0),
        (3, 1.5),
        (4, 2.0),
        (5, 2.5),
    ]
    assert [event["step"] for event in _events(tmp_path) if event["event"] == "eval"] == [2, 4, 5]


def test_the_logged_loss_is_the_mean_over_the_targets_since_the_last_line(tmp_path):
    losses = {}
    for every in (1, 4):
        (tmp_path / str(every)).mkdir()
        _toy_trainer(tmp_path / str(every), TrainBlock(max_steps=8, logging_steps=every)).fit()
        losses[every] = [event["loss"] for event in _events(tmp_path / str(every)) if event["event"] == "train"]
    sizes = [
        len(batch) for epoch in (0, 1) for batch in training_batches(ONES, tokens_per_batch=3, seed=0, epoch=epoch)
    ]
    assert sorted(sizes[:4]) == [1, 3, 3, 3]
    sums = np.array(losses[1]) * sizes
    assert losses[4] == pytest.approx([sums[:4].sum() / 10, sums[4:].sum() / 10])


# Mishaps --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{"logging_steps": 1}, {"eval_steps": 1, "logging_steps": 100}])
def test_a_loss_that_is_no_number_ends_the_training(options, tmp_path):
    broken = Batch(Images(FEATURES * math.nan), LABELS)
    trainer = _toy_trainer(tmp_path, TrainBlock(max_steps=3, **options), collate=lambda rows: broken)
    with pytest.raises(SeqtasksError, match=r"step 1: the training loss is nan in .* lower train\.learning_rate"):
        trainer.fit()
    assert not Checkpoints(tmp_path / "checkpoints").exists


def test_an_unknown_metric_is_refused(tmp_path):
    with pytest.raises(RecipeError, match=r'metric_for_best_model: "blue" is not a score .* one of loss, bleu, chrf$'):
        _trainer(TRANSLATION, tmp_path, "train.metric_for_best_model=blue")
    assert _trainer(TRANSLATION, tmp_path, "train.metric_for_best_model=chrf").metric == "chrf"


def test_a_warm_up_that_would_never_end_is_refused(tmp_path):
    """Four batches an epoch."""
    with pytest.raises(RecipeError, match=r"train\.warmup_steps: 8, but 2 epochs are 8 steps"):
        _toy_trainer(tmp_path, TrainBlock(epochs=2, warmup_steps=8))
    _toy_trainer(tmp_path, TrainBlock(epochs=2, warmup_steps=7))


def test_fp16_needs_a_gpu(tmp_path, monkeypatch):
    monkeypatch.setattr("seqtasks.training.loop.processes", lambda: SimpleNamespace(device=torch.device("cpu")))
    with pytest.raises(RecipeError, match=r"train\.mixed_precision: fp16 needs a GPU"):
        _toy_trainer(tmp_path, TrainBlock(max_steps=1, mixed_precision="fp16"))


@pytest.mark.parametrize("score", [math.nan, math.inf])
def test_a_score_that_is_no_number_is_never_the_best(score, tmp_path):
    trainer = _toy_trainer(tmp_path, TrainBlock(max_steps=2, eval_steps=1), scores=[1, score])
    with pytest.raises(DivergedError, match=r"step 2: the validation score is (nan|inf); .* lower"):
        trainer.fit()
    assert Checkpoints(tmp_path / "checkpoints").load(Toy(), trainer.optimizer)[0].step == 1


def test_mixed_precision_ends_with_the_training(tmp_path):
    AcceleratorState._reset_state()
    try:
        trainer = _toy_trainer(tmp_path, TrainBlock(max_steps=1, mixed_precision="bf16"))
        batch, seen = Batch(Images(FEATURES), LABELS), []
        trainer.raw_model.output.register_forward_hook(lambda module, inputs, output: seen.append(output.dtype))
        trainer.fit()
        trainer.raw_model(batch)
    finally:
        AcceleratorState._reset_state()
    assert set(seen[:-1]) == {torch.bfloat16}
    assert seen[-1] == torch.float32


def test_the_scale_of_fp16_losses_is_kept(tmp_path):
    checkpoints, model, optimizer = _saved(tmp_path)
    optimizer.scaler = torch.amp.GradScaler("cpu", init_scale=512.0)
    checkpoints.save(model, optimizer, Progress(step=3))
    optimizer.scaler = torch.amp.GradScaler("cpu")
    checkpoints.load(model, optimizer)
    assert optimizer.scaler.get_scale() == 512.0


def _saved(tmp_path: Path) -> tuple[Checkpoints, Toy, torch.optim.Optimizer]:
    trainer = _toy_trainer(tmp_path, TrainBlock(max_steps=2, eval_steps=2))
    trainer.fit()
    return trainer.checkpoints, trainer.raw_model, trainer.optimizer


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    """The operating system refuses to let a file grow beyond this many bytes, as on a full disk."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 1000, 8000])
def test_a_checkpoint_that_fails_half_way_leaves_the_old_one(size, tmp_path):
    """There is no room for the tensors, or for the counters, which are larger here."""
    checkpoints, model, optimizer = _saved(tmp_path)
    before = _last_checkpoint(tmp_path)
    files = {path.name for path in checkpoints.directory.iterdir()}
    nn.init.zeros_(model.output.weight)
    with _largest_file(size), pytest.raises(RunError, match=r"cannot be written \(File too large\); .*free some space"):
        checkpoints.save(model, optimizer, Progress(step=3))
    assert {path.name for path in checkpoints.directory.iterdir()} >= files
    assert not list(checkpoints.directory.glob(".*"))
    assert checkpoints.load(model, optimizer)[0].step == 2
    assert torch.equal(model.output.weight, before["model.output.weight"])


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("state.json", lambda path: path.write_text("{")),
        ("state.json", lambda path: path.write_text("[]")),
        ("state.json", lambda path: path.write_text('{"file": "x"}')),
        ("state.json", lambda path: path.write_text(path.read_text().replace('"python": [', '"python": [1, '))),
        ("step-*.safetensors", lambda path: path.unlink()),
        ("step-*.safetensors", lambda path: path.write_bytes(path.read_bytes()[:-9])),
        ("step-*.safetensors", lambda path: path.write_bytes(b"")),
    ],
)
def test_a_damaged_checkpoint_is_refused(file, damage, tmp_path):
    checkpoints, model, optimizer = _saved(tmp_path)
    (path,) = checkpoints.directory.glob(file)
    damage(path)
    with pytest.raises(RunError, match="start the run again"):
        checkpoints.load(model, optimizer)


def test_a_checkpoint_of_another_model_is_refused(tmp_path):
    checkpoints, _, optimizer = _saved(tmp_path)
    with pytest.raises(RunError, match="does not fit this recipe"):
        checkpoints.load(nn.Linear(2, 2), optimizer)


def test_averaging_leaves_counters_alone(tmp_path):
    checkpoints, model = Checkpoints(tmp_path), nn.BatchNorm1d(2)
    for step in (1, 4):
        model.num_batches_tracked.fill_(step)
        nn.init.constant_(model.running_mean, step)
        checkpoints.save_candidate(model, step)
    averaged = checkpoints.average([1, 4])
    assert averaged["num_batches_tracked"] == 1
    assert averaged["running_mean"].tolist() == [2.5, 2.5]
