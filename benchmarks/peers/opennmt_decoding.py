"""OpenNMT-py: what `onmt_translate` does, on a list of texts; it sorts them by length itself."""

from pathlib import Path
from typing import Any

from clock import read_spec, time_answers
from onmt.bin.translate import _get_parser
from onmt.inference_engine import InferenceEnginePY
from onmt.utils.misc import set_random_seed
from onmt.utils.parse import ArgumentParser
from opennmt_translation import train

LONGEST = 60
"""Tokens of a translation that stops by itself, at most, as in `decoding.py`."""


def main() -> None:
    """Train if there is no model yet, and translate."""
    spec = read_spec()
    folder = Path(spec["models"]) / f"opennmt_{spec['input_feeding']}"
    if not folder.exists():
        folder.mkdir()
        train(spec, str(folder))
    engine = _engine(spec, next(folder.glob("model_step_*.pt")))
    inputs = Path(spec["inputs"]).read_text(encoding="utf-8").splitlines()

    def translate(texts: list[str]) -> list[str]:
        _, answers = engine.infer_list(texts)
        return [best[0] for best in answers]

    time_answers(translate, inputs, packages=("OpenNMT-py", "torch"), units=len(inputs))


def _engine(spec: dict[str, Any], model: Path) -> InferenceEnginePY:
    options = {"model": model, "src": spec["inputs"], "output": "translated.txt", "beam_size": spec["beams"]}
    options.update(batch_type="sents", batch_size=spec["batch_size"])
    # 0: no limit that grows with the source, as the others have none.
    options.update(max_length=spec["length"] or LONGEST, max_length_ratio=0)
    if spec["length"]:
        options["min_length"] = spec["length"]
    arguments = [part for name, value in options.items() for part in (f"-{name}", str(value))]
    opt = _get_parser().parse_args([*arguments, "-ban_unk_token"])
    ArgumentParser.validate_translate_opts(opt)
    ArgumentParser._get_all_transform_translate(opt)
    ArgumentParser._validate_transforms_opts(opt)
    ArgumentParser.validate_translate_opts_dynamic(opt)
    set_random_seed(opt.seed, False)
    return InferenceEnginePY(opt)


if __name__ == "__main__":
    main()
