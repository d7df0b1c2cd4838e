"""How good is a tagger after how much training? seqtasks and spaCy, each with its own small model, on the same words.

    benchmarks/peers/setup.sh spacy                 # once
    python benchmarks/tagging_accuracy.py --data FOLDER --columns tokens upos

`training.py` compares equal networks; spaCy has none that is equal to ours. So here each tool trains a model that suits
it, from words and their spelling, for as many epochs, with its own batches, dropout and schedule. spaCy's is the tagger
that `spacy init config` proposes for efficiency. Each checks itself on the validation rows as often as by default,
seqtasks after every epoch, spaCy after every 200 steps; that time counts. Accuracy is on the test rows, with the model
that the tool keeps.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from data import VOCABULARY, add_data_arguments, write_data
from harness import HERE, Contestant, add_arguments, compete

ALL = 1_000_000


def main() -> None:
    """Write the data, let both train."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_data_arguments(parser)
    parser.add_argument("--epochs", type=int, default=6)
    add_arguments(parser)
    arguments = parser.parse_args(["tagging", *sys.argv[1:]])
    with tempfile.TemporaryDirectory() as folder:
        write_data(arguments, Path(folder), validation_rows=ALL)
        recipe = str(HERE / "recipes" / "tagging_small.yaml")
        overrides = [f"tokenizer.vocab_size={VOCABULARY['tagging']}", f"train.epochs={arguments.epochs}"]
        spec = {"data": folder, "epochs": arguments.epochs, "recipe": recipe, "overrides": overrides}
        contestants = [
            Contestant("seqtasks", "seqtasks_accuracy.py", spec=spec),
            Contestant("spaCy", "spacy_accuracy.py", "spacy", spec),
        ]
        title = f"tagging, {arguments.epochs} epochs, {arguments.data or 'data of the shipped recipe'}"
        compete(contestants, arguments, unit="words", title=title)


if __name__ == "__main__":
    main()
