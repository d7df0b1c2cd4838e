"""`catalog/city_temperatures`: the temperature of every hour of 2010 in Seattle or San Francisco.

In degrees Fahrenheit, as in the file; 3 o'clock of 14 March, when clocks were put forward, is missing. The curves are
so smooth that they seem to be NOAA's hourly normals (means of many years) rather than one year's readings.

Split: contiguous in time, so that nothing of the future is in training: the first 70% of the hours (to the middle of
September), the next 10%, the last 20% (from 20 October).
"""

import csv
import io
import zipfile
from datetime import datetime

from datasets import Dataset, Features, Value

from seqtasks.data.catalog.catalog_set import CatalogSet, Wheel

_FEATURES = Features({"time": Value("string"), "temperature": Value("float32")})


def _rows(archive: zipfile.ZipFile, config: str | None) -> dict[str, Dataset]:
    with io.TextIOWrapper(archive.open(f"vega_datasets/_data/{config}-temps.csv"), encoding="utf-8") as file:
        hours = list(csv.DictReader(file))
    times = [datetime.fromisoformat(hour["date"].replace("/", "-")) for hour in hours]
    columns = {
        "time": [time.isoformat(timespec="minutes") for time in times],
        "temperature": [float(hour["temp"]) for hour in hours],
    }
    rows = Dataset.from_dict(columns, features=_FEATURES)
    first, second = len(rows) * 7 // 10, len(rows) * 8 // 10
    bounds = {"train": (0, first), "validation": (first, second), "test": (second, len(rows))}
    return {split: rows.select(range(*bound)) for split, bound in bounds.items()}


CITY_TEMPERATURES = CatalogSet(
    name="city_temperatures",
    title="Hourly temperatures",
    description="temperature in degrees Fahrenheit at each hour of a year; name: the city",
    wheel=Wheel(
        package="vega-datasets",
        version="0.9.0",
        sha256="3d7c63917be6ca9b154b565f4779a31fedce57b01b5b9d99d8a34a7608062a1d",
        megabytes=0.2,
    ),
    licence="package MIT; data in the public domain (NOAA)",
    citation="NOAA, by way of J. VanderPlas. vega_datasets 0.9.0.",
    homepage="https://github.com/altair-viz/vega_datasets",
    columns=("time", "temperature"),
    configs=("seattle", "sf"),
    rows=_rows,
)
