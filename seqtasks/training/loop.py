"""The training loop: batches in, the best weights out.

It runs on accelerate, so one process or many, CPU or GPU, full or mixed precision are its launcher's affair. The main
one of many validates, writes and prints; what it decides by is shared. A task is known only by the functions given.
"""

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from math import isfinite
from typing import Any, NoReturn

import torch
from accelerate import Accelerator
from torch import nn

from seqtasks.backbone import State
from seqtasks.errors import RecipeError, TrainingInterruptedError
from seqtasks.metrics.score import Score
from seqtasks.recipe.blocks import TrainBlock
from seqtasks.training.accumulation import Accumulation, Gradient, sum_over_processes
from seqtasks.training.checkpoint import Checkpoints, Progress, set_model_tensors
from seqtasks.training.divergence import diverged
from seqtasks.training.interrupt import DeferredInterrupt
from seqtasks.training.log import RunLog
from seqtasks.training.memory import fit_memory
from seqtasks.training.optimizer import learning_rate, make_optimizer
from seqtasks.training.processes import own_share, processes, seed_step
from seqtasks.training.reporter import Reporter
from seqtasks.training.selection import averaged_steps, record_validation
from seqtasks.training.source import Source


@dataclass
class _Interval:
    """What has been done since the last log line."""

    tokens: int = 0
    seconds: float = 0.0


class Trainer:
    """Trains a model by a recipe's `train` block.

    Args:
        model: `model(batch)` returns a `HeadOutput`; changed in place.
        source: the training batches.
        evaluate: scores the model on the validation rows.
        metric: the name of the score, one of those of `evaluate`, that decides about the best weights.
        block: the settings.
        checkpoints: where state is kept.
        log: where events go.
        reporter: what the user sees.

    Raises:
        RecipeError: this machine or the training rows do not allow the settings.
    """

    def __init__(
        self,
        model: nn.Module,
        source: Source,
        *,
        evaluate: Callable[[], list[Score]],
        metric: str,
        block: TrainBlock,
        checkpoints: Checkpoints,
        log: RunLog,
        reporter: Reporter,
    ) -> None:
        if block.mixed_precision == "fp16" and processes().device.type == "cpu":
            raise RecipeError("train.mixed_precision: fp16 needs a GPU; there is none here; use bf16 or no")
        self.accelerator = Accelerator(mixed_precision=block.mixed_precision)
        self.raw_model = model
        self.source, self.evaluate, self.metric, self.block = source, evaluate, metric, block
        self.checkpoints, self.log, self.reporter = checkpoints, log, reporter
        self.progress = Progress()
        self._state: State | None = None
        self._interval = _Interval()
        self._interrupt = DeferredInterrupt()
        self._batches = source.batches(0)
        self._window = block.gradient_accumulation_steps * self.accelerator.num_processes
        steps_per_epoch = -(-len(self._batches) // self._window)
        self.total_steps = block.max_steps or max(1, round(block.epochs * steps_per_epoch))
        if block.max_steps is None and block.warmup_steps >= self.total_steps:
            raise RecipeError(
                f"train.warmup_steps: {block.warmup_steps:,}, but {block.epochs:g} epochs are {self.total_steps:,} "
                "steps; expected fewer than those; lower train.warmup_steps or raise train.epochs"
            )

    def fit(self, *, resume: bool = False) -> None:
        """Train to the end, or on from a checkpoint; leave the best or the averaged weights in the model.

        Raises:
            TrainingInterruptedError: Ctrl-C was pressed or SIGTERM came; a checkpoint holds the state.
            DivergedError: the loss is not a number any more.
        """
        optimizer = make_optimizer(self.raw_model, self.block)
        self.model, self.optimizer = self.accelerator.prepare(self.raw_model, optimizer)
        if resume:
            if self.checkpoints.exists:
                self.progress, self._state = self.checkpoints.load(self.raw_model, self.optimizer)
            if self.accelerator.is_main_process:
                self.log.rewind(self.progress.step)
        progress = self.progress
        self._accumulate = Accumulation(self.model, self.accelerator, self.source, progress.largest)
        if progress.epoch:
            self._batches = self.source.batches(progress.epoch)
        with self._interrupt, self.reporter.training(self.total_steps, progress.step):
            if not self._finished():
                fit_memory(self._accumulate, max(self._batches, key=self.source.size), self.block)
                self._note_splits()
            while True:
                if self._validation_due():
                    self._validate()
                elif not self._finished():
                    self._train_step()
                else:
                    break
                if self._sum_over_processes(self._interrupt.requested):
                    self._stop()
        self._choose_weights()
        # Scores of the trained model are computed as its users will compute them: in full precision.
        self.accelerator.unwrap_model(self.model, keep_fp32_wrapper=False)

    def _finished(self) -> bool:
        patience = self.block.early_stopping_patience
        return self.progress.step >= self.total_steps or (patience is not None and self.progress.stale >= patience)

    def _validation_due(self) -> bool:
        step, every = self.progress.step, self.block.eval_steps
        due = step == self.total_steps or (step % every == 0 if every else self.progress.batch == 0)
        return due and step > self.progress.validated_step

    def _stop(self) -> NoReturn:
        self._save()
        raise TrainingInterruptedError(f"stopped at step {self.progress.step:,} of {self.total_steps:,}")

    def _train_step(self) -> None:
        """One optimizer step over a window of micro-batches, its loss divided by all the window's targets."""
        started = time.perf_counter()
        progress, accelerator = self.progress, self.accelerator
        self.model.train()
        seed_step(accelerator, self.block.seed, progress.step)
        rows, weight = own_share(accelerator, self._batches[progress.batch : progress.batch + self._window])
        gradient = self._accumulate(rows, self._state, weight=weight)
        self._note_splits()
        self._state = gradient.state
        limit = float("inf") if self.block.max_grad_norm is None else self.block.max_grad_norm
        norm = float(accelerator.clip_grad_norm_(self.model.parameters(), limit))
        loss_sum = float(self._sum_over_processes(sum(loss for _, loss in gradient.losses)))
        progress.step += 1
        rate = learning_rate(progress.step, self.total_steps, self.block)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        # Gradients of fp16 overflow now and then; its scaler leaves such steps out by itself.
        if isfinite(loss_sum) and (isfinite(norm) or self.block.mixed_precision == "fp16"):
            self.optimizer.step()
            progress.loss_sum += loss_sum
            progress.loss_count += gradient.targets
        else:
            self._skip(gradient, loss_sum, norm)
        self.optimizer.zero_grad()
        self._advance_position()
        self._interval.tokens += gradient.tokens * accelerator.num_processes
        self._interval.seconds += time.perf_counter() - started
        if progress.step % self.block.logging_steps == 0 or progress.step == self.total_steps:
            self._log_step(rate, norm)

    def _skip(self, gradient: Gradient, loss_sum: float, norm: float) -> None:
        """Leave a step out that would destroy the weights, and the state of a stream with it.

        Raises:
            DivergedError: the recipe does not allow it.
        """
        progress = self.progress
        if not self.block.skip_nonfinite:
            raise diverged(gradient, loss_sum, norm, step=progress.step, checkpoints=self.checkpoints)
        progress.skipped += 1
        self._state = None
        if progress.skipped == 1:
            self.reporter.detail(f"step {progress.step:,}  left out: it is not finite; further ones are counted")

    def _note_splits(self) -> None:
        """Say once that batches are split, and remember it for a resumed run."""
        if self._accumulate.largest != self.progress.largest:
            if self.progress.largest is None:
                self.reporter.detail(
                    f"memory: batches above {self._accumulate.largest:,} padded tokens are split from now on, which "
                    "changes neither loss nor gradient"
                )
            self.progress.largest = self._accumulate.largest

    def _sum_over_processes(self, value: Any) -> Any:
        return sum_over_processes(self.accelerator, value)

    def _advance_position(self) -> None:
        progress = self.progress
        progress.batch += self._window
        if progress.batch >= len(self._batches):
            progress.epoch, progress.batch = progress.epoch + 1, 0
            self._batches = self.source.batches(progress.epoch)

    def _epoch(self) -> float:
        return round(self.progress.epoch + self.progress.batch / len(self._batches), 3)

    def _log_step(self, rate: float, norm: float) -> None:
        progress, interval = self.progress, self._interval
        progress.seconds += interval.seconds
        values = {
            "step": progress.step,
            "epoch": self._epoch(),
            "loss": progress.loss_sum / max(1, progress.loss_count),
            "learning_rate": rate,
            "grad_norm": norm,
            "clipped_norm": min(norm, self.block.max_grad_norm or norm),
            "tokens_per_second": interval.tokens / interval.seconds,
            "seconds": progress.seconds,
        }
        if self.accelerator.is_main_process:
            self.log.write("train", **values)
            self.reporter.step(values)
        progress.loss_sum, progress.loss_count, self._interval = 0.0, 0, _Interval()

    def _validate(self) -> None:
        started = time.perf_counter()
        progress = self.progress
        try:
            # Long sets take long; a resumed run validates again. Several processes have to go the same way.
            with self._interrupt.heeded() if self.accelerator.num_processes == 1 else nullcontext():
                value, scores = self._scores()
        except KeyboardInterrupt:
            self._stop()
        progress.validated_step = progress.step
        best = record_validation(progress, value, self.block)
        progress.seconds += time.perf_counter() - started
        if self.accelerator.is_main_process:
            kept = [step for step, _ in progress.validated]
            if progress.step in kept:
                self.checkpoints.save_candidate(self.raw_model, progress.step)
            values = {name: score.value for name, score in scores.items()}
            # Before the checkpoint: a resumed run drops what is logged behind it, and cannot add what is missing.
            self.log.write(
                "eval", step=progress.step, epoch=self._epoch(), scores=values, best=best, seconds=progress.seconds
            )
            self._save()
            # Only now: until the new checkpoint stands, the old one may still need them.
            self.checkpoints.drop_candidates(kept)
            self.reporter.evaluation(progress.step, scores, metric=self.metric, best=best)

    def _scores(self) -> tuple[float, dict[str, Score]]:
        """The value that decides, higher is better, and all validation scores by name, on the main process.

        The random state is put back, so validating changes nothing.
        """
        scores: dict[str, Score] = {}
        value = 0.0
        if self.accelerator.is_main_process:
            device = self.accelerator.device
            self.raw_model.eval()
            with torch.random.fork_rng([device] if device.type == "cuda" else []), torch.inference_mode():
                scores = {score.name: score for score in self.evaluate()}
            score = scores[self.metric]
            value = score.value if score.higher_is_better else -score.value
        # The others add zero: all have the main process's value.
        return float(self._sum_over_processes(value)), scores

    def _choose_weights(self) -> None:
        """The best weights; the average takes their place where it is at least as good on validation."""
        self.accelerator.wait_for_everyone()  # the files are the main process's
        progress = self.progress
        chosen = [progress.best_step]
        steps = averaged_steps(progress, self.block)
        set_model_tensors(self.raw_model, self.checkpoints.average(chosen))
        if len(steps) > 1:
            set_model_tensors(self.raw_model, self.checkpoints.average(steps))
            value, scores = self._scores()
            if progress.best is None or value >= progress.best:
                chosen = steps
                self.reporter.evaluation(progress.step, scores, metric=f"{self.metric} averaged", best=True)
            else:
                set_model_tensors(self.raw_model, self.checkpoints.average(chosen))
        if self.accelerator.is_main_process:
            reason = "max_steps" if progress.step >= self.total_steps else "early_stopping"
            self.log.write(
                "end",
                step=progress.step,
                best_step=progress.best_step,
                metric=self.metric,
                averaged_steps=chosen,
                reason=reason,
                skipped=progress.skipped,
                largest_batch=progress.largest,
                seconds=progress.seconds,
            )

    def _save(self) -> None:
        if self.accelerator.is_main_process:
            self.checkpoints.save(self.raw_model, self.optimizer, self.progress, self._state)
