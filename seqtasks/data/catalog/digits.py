"""`catalog/digits`: handwritten digits, 8x8 pixels of 17 shades, as scikit-learn brings them.

The shades 0-16 are scaled to 0-255; strokes are light on dark. Split: 80/10/10 of each digit's pictures, in the order
of the SHA-256 of their pixels (equal pictures count as one). The writers are not in the file, so all splits may hold
digits of one hand.
"""

import io

import numpy as np
from datasets import Dataset, Features, Image, Value
from PIL import Image as Picture

from seqtasks.data.catalog.catalog_set import CatalogSet, by_split, stratified

_BRIGHTEST = 16
_FEATURES = Features({"image": Image(), "label": Value("string")})


def _rows(archive: None, config: str | None) -> dict[str, Dataset]:
    from sklearn.datasets import load_digits  # slow to import

    digits = load_digits()
    pictures = np.rint(digits.images * (255 / _BRIGHTEST)).astype(np.uint8)
    columns: dict[str, list] = {
        "image": [{"bytes": _png(picture), "path": None} for picture in pictures],
        "label": [str(label) for label in digits.target],
    }
    splits = stratified([picture.tobytes().hex() for picture in pictures], columns["label"])
    return by_split(splits, columns, _FEATURES)


def _png(pixels: np.ndarray) -> bytes:
    """A grey picture `(height, width)` as a PNG file."""
    file = io.BytesIO()
    Picture.fromarray(pixels).save(file, format="PNG")
    return file.getvalue()


DIGITS = CatalogSet(
    name="digits",
    title="Handwritten digits",
    description="pictures of handwritten digits, 8x8, and which digit they are (comes with scikit-learn)",
    wheel=None,
    licence="scikit-learn BSD-3-Clause; data CC BY 4.0 (UCI Machine Learning Repository)",
    citation="E. Alpaydin and C. Kaynak. Optical Recognition of Handwritten Digits. UCI Machine Learning Repository, "
    "1998. doi:10.24432/C50P49",
    homepage="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
    columns=("image", "label"),
    rows=_rows,
)
