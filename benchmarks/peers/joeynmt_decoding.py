"""JoeyNMT: what `joeynmt translate` does with the lines of a file. It has no length buckets."""

from pathlib import Path

import torch
from clock import read_spec, time_answers
from joeynmt.config import parse_global_args
from joeynmt.prediction import predict, prepare
from joeynmt_translation import settings, train


def main() -> None:
    """Train if there is no model yet, and translate."""
    spec = read_spec()
    folder = Path(spec["models"]) / f"joeynmt_{spec['input_feeding']}"
    if not folder.exists():
        folder.mkdir()
        train(spec, str(folder))
    config = settings(spec, str(folder))
    config["testing"].update(
        load_model=str(folder / "model" / "latest.ckpt"),
        beam_size=spec["beams"],
        beam_alpha=1.0,
        max_output_length=spec["length"] or 60,
        generate_unk=False,
    )
    args = parse_global_args(config, rank=0, mode="translate")
    model, _, _, stream = prepare(args, rank=0, mode="translate")
    if spec["length"]:
        # `min_output_length` does not reach the search. A score of zero is never among the highest of thousands.
        with torch.no_grad():
            model.decoder.output_layer.weight[model.eos_index] = 0.0
    inputs = Path(spec["inputs"]).read_text(encoding="utf-8").splitlines()

    def translate(texts: list[str]) -> list[str]:
        stream.reset_cache()
        for text in texts:
            stream.set_item(text)
        return predict(model, stream, args.device, args.n_gpu, args=args.test, autocast=args.autocast)[2]

    time_answers(translate, inputs, packages=("joeynmt", "torch"), units=len(inputs))


if __name__ == "__main__":
    main()
