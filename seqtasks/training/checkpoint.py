"""Checkpoints: everything that a training run needs to go on as if it had never stopped.

A checkpoint is two files, written in this order: `step-N.safetensors` (weights, optimizer state and random
state as tensors) and `state.json` (counters, the scale of fp16 losses, and the name of the tensor file).
`state.json` is replaced in one piece, so there is always one whole checkpoint. Nothing is pickled.
"""

import json
import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate.optimizer import AcceleratedOptimizer
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from seqtasks.backbone import State
from seqtasks.errors import RunError
from seqtasks.files import read_json, replacing, write_json


@dataclass
class Progress:
    """Where training stands, at the end of an optimizer step.

    Attributes:
        step: optimizer steps done.
        epoch: the running epoch, counted from 0.
        batch: micro-batches of that epoch that are done.
        best: the best validation score so far; None before the first.
        best_step: its step.
        stale: validations since then.
        validated_step: the last step that was validated.
        validated: step and score of every validation whose weights are kept.
        skipped: steps that were left out, because their loss or gradient was not finite.
        largest: padded tokens of a batch that fit into memory; None: all did.
        loss_sum, loss_count: training loss since the last log line.
        seconds: spent so far.
    """

    step: int = 0
    epoch: int = 0
    batch: int = 0
    best: float | None = None
    best_step: int = 0
    stale: int = 0
    validated_step: int = 0
    validated: list[tuple[int, float]] = field(default_factory=list)
    skipped: int = 0
    largest: int | None = None
    loss_sum: float = 0.0
    loss_count: int = 0
    seconds: float = 0.0


def model_tensors(model: nn.Module) -> dict[str, Tensor]:
    """Parameters and buffers of a model by name; a tensor that stands under several names (tied) once."""
    return dict(model.named_parameters()) | dict(model.named_buffers())


@torch.no_grad()
def set_model_tensors(model: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Put back what `model_tensors` gave.

    Raises:
        ValueError: names or shapes are not those of the model.
    """
    own = model_tensors(model)
    if own.keys() != tensors.keys():
        raise ValueError(f"its tensors are others, such as {min(own.keys() ^ tensors.keys())}")
    for name, tensor in own.items():
        if tensor.shape != tensors[name].shape:
            raise ValueError(f"{name} is {list(tensors[name].shape)}, the model needs {list(tensor.shape)}")
        tensor.copy_(tensors[name])


def save_weights(path: Path, weights: Mapping[str, Tensor]) -> None:
    """Write tensors as safetensors, in one piece; the SHA-256 of their bytes stands in the file's metadata."""
    content = save({name: tensor.detach().cpu().contiguous() for name, tensor in weights.items()})
    header, body = _split(content)
    header["__metadata__"] = {"sha256": sha256(body).hexdigest()}
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)  # tensors are aligned
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(len(head).to_bytes(8, "little") + head)
        file.write(body)


def load_weights(path: Path) -> dict[str, Tensor]:
    """Read a safetensors file.

    Raises:
        RunError: it is missing or damaged.
    """
    try:
        content = path.read_bytes()
        tensors = load(content)
        header, body = _split(content)
        expected = header.get("__metadata__", {}).get("sha256")
        if expected is not None and sha256(body).hexdigest() != expected:
            raise ValueError("its SHA-256 is not the one that it was written with")
    except (OSError, ValueError, SafetensorError) as error:
        raise RunError(
            f"{path}: cannot be read or is damaged ({error}); expected safetensors; restore it, or start the run again "
            "with --overwrite"
        ) from None
    return tensors


def _split(content: bytes) -> tuple[dict[str, Any], memoryview]:
    """The header of a safetensors file, and the bytes of its tensors."""
    end = 8 + int.from_bytes(content[:8], "little")
    return json.loads(content[8:end]), memoryview(content)[end:]


class Checkpoints:
    """The `checkpoints/` of a run directory.

    Args:
        directory: made when first needed.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @property
    def exists(self) -> bool:
        """Whether there is something to resume from."""
        return (self.directory / "state.json").exists()

    @property
    def step(self) -> int:
        """The step of the checkpoint."""
        return int(read_json(self.directory / "state.json")["progress"]["step"])

    def save(
        self, model: nn.Module, optimizer: AcceleratedOptimizer, progress: Progress, carried: State | None = None
    ) -> None:
        """Write a checkpoint and delete the one before it; `carried` goes on from window to window of a stream."""
        self.directory.mkdir(parents=True, exist_ok=True)
        tensors = {f"model.{name}": tensor for name, tensor in model_tensors(model).items()}
        tensors |= _optimizer_tensors(optimizer)
        tensors |= _random_tensors()
        tensors |= {
            f"carried.{layer}.{part}": tensor.contiguous()
            for layer, parts in enumerate(carried or ())
            for part, tensor in enumerate(parts)
        }
        name = f"step-{progress.step:08d}.safetensors"
        save_weights(self.directory / name, tensors)
        scaler = None if optimizer.scaler is None else optimizer.scaler.state_dict()
        state = {"file": name, "progress": asdict(progress), "random": _random_state(), "scaler": scaler}
        write_json(self.directory / "state.json", state | {"sha256": _digest(state)})
        self._drop_all_but(name)

    def load(self, model: nn.Module, optimizer: AcceleratedOptimizer) -> tuple[Progress, State | None]:
        """Put a checkpoint back into model, optimizer and random generators.

        Returns:
            How far training had come, and the carried state.

        Raises:
            RunError: it is damaged or belongs to another model.
        """
        path = self.directory / "state.json"
        state = read_json(path)
        try:
            if state.pop("sha256") != _digest(state):
                raise ValueError("its SHA-256 is not the one that it was written with")
            tensors = load_weights(self.directory / state["file"])
            progress = Progress(**state["progress"])
            progress.validated = [(step, score) for step, score in progress.validated]
            weights = {
                name.removeprefix("model."): tensor for name, tensor in tensors.items() if name.startswith("model.")
            }
            set_model_tensors(model, weights)
            _restore_optimizer(optimizer, tensors)
            if optimizer.scaler is not None:
                optimizer.scaler.load_state_dict(state["scaler"])
            _restore_random(tensors, state["random"])
        except (AttributeError, KeyError, TypeError, ValueError, RuntimeError) as error:
            if isinstance(error, RunError):
                raise
            reason = str(error).splitlines()[0]
            raise RunError(
                f"{path}: does not fit this recipe ({reason}); start the run again with --overwrite"
            ) from None
        self._drop_all_but(state["file"])  # a kill may have come before the one before it was deleted
        device = next(model.parameters()).device
        return progress, _carried({name: tensor.to(device) for name, tensor in _below("carried.", tensors).items()})

    def save_candidate(self, model: nn.Module, step: int) -> None:
        """Keep the weights of a validated step, to be chosen or averaged at the end."""
        self.directory.mkdir(parents=True, exist_ok=True)
        save_weights(self._candidate(step), model_tensors(model))

    def drop_candidates(self, kept: list[int]) -> None:
        """Delete the weights of all validated steps but these."""
        for path in self.directory.glob("weights-*.safetensors"):
            if path not in map(self._candidate, kept):
                path.unlink()

    def average(self, steps: list[int]) -> dict[str, Tensor]:
        """The mean of the weights of these steps; integers (counters of norms) are taken from the first."""
        candidates = [load_weights(self._candidate(step)) for step in steps]
        return {
            name: torch.stack([weights[name] for weights in candidates]).mean(0)
            if tensor.is_floating_point()
            else tensor
            for name, tensor in candidates[0].items()
        }

    def _drop_all_but(self, name: str) -> None:
        for path in self.directory.glob("step-*.safetensors"):
            if path.name != name:
                path.unlink()

    def _candidate(self, step: int) -> Path:
        return self.directory / f"weights-{step:08d}.safetensors"


def _digest(state: dict[str, Any]) -> str:
    """SHA-256 of a state as JSON."""
    return sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def _below(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _carried(tensors: Mapping[str, Tensor]) -> State | None:
    layers: dict[int, dict[int, Tensor]] = {}
    for name, tensor in tensors.items():
        layer, part = map(int, name.split("."))
        layers.setdefault(layer, {})[part] = tensor
    return tuple(tuple(parts[part] for part in sorted(parts)) for _, parts in sorted(layers.items())) or None


def _optimizer_tensors(optimizer: AcceleratedOptimizer) -> dict[str, Tensor]:
    state = optimizer.state_dict()["state"]
    return {
        f"optimizer.{index}.{name}": torch.as_tensor(value)
        for index, slots in state.items()
        for name, value in slots.items()
        if value is not None
    }


def _restore_optimizer(optimizer: AcceleratedOptimizer, tensors: Mapping[str, Tensor]) -> None:
    slots: dict[int, dict[str, Tensor]] = {}
    for name, tensor in _below("optimizer.", tensors).items():
        index, slot = name.split(".")
        slots.setdefault(int(index), {})[slot] = tensor
    optimizer.load_state_dict({"state": slots, "param_groups": optimizer.state_dict()["param_groups"]})


def _random_tensors() -> dict[str, Tensor]:
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return {"random.cpu": torch.get_rng_state()} | {f"random.cuda.{index}": state for index, state in enumerate(cuda)}


def _random_state() -> dict[str, Any]:
    numpy_state = np.random.get_state(legacy=False)
    numpy_state["state"]["key"] = numpy_state["state"]["key"].tolist()
    return {"python": random.getstate(), "numpy": numpy_state}


def _restore_random(tensors: Mapping[str, Tensor], state: dict[str, Any]) -> None:
    torch.set_rng_state(tensors["random.cpu"])
    for index in range(torch.cuda.device_count()):
        if f"random.cuda.{index}" in tensors:
            torch.cuda.set_rng_state(tensors[f"random.cuda.{index}"], index)
    version, words, gauss = state["python"]
    random.setstate((version, tuple(words), gauss))
    state["numpy"]["state"]["key"] = np.array(state["numpy"]["state"]["key"], dtype=np.uint32)
    np.random.set_state(state["numpy"])
