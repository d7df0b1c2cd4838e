"""Sounds to frames."""

import io
import math
import struct
import wave

import datasets
import numpy as np
import pytest
import soundfile

from seqtasks.data.audio import read_frames
from seqtasks.data.columns import choose_columns
from seqtasks.data.kinds import check_kinds
from seqtasks.data.scaling import Scaling
from seqtasks.errors import DataError
from seqtasks.input_lines import InputField, parse_input
from seqtasks.recipe import parse_recipe
from seqtasks.runtime import inputs
from seqtasks.tasks import task_class

RECIPE = parse_recipe("task: frame_classification\ndataset: {path: memory, sampling_rate: 8000}\n", source="test")


def tone(hertz, seconds=0.5, rate=8000, channels=1):
    """The bytes of a WAV file."""
    values = [int(8000 * math.sin(2 * math.pi * hertz * step / rate)) for step in range(int(seconds * rate))]
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(b"".join(struct.pack("<h", value) * channels for value in values))
    return file.getvalue()


def not_finite():
    """A WAV file of float numbers, one of which is no number."""
    file = io.BytesIO()
    soundfile.write(file, np.array([0.0, np.nan] * 400, np.float32), 8000, format="WAV", subtype="FLOAT")
    return file.getvalue()


def test_a_frame_every_ten_milliseconds():
    frames = read_frames(tone(440), 8000, where="sound")
    assert frames.shape == (50, 13)
    assert frames.dtype == np.float32
    assert np.isfinite(frames).all()
    assert np.array_equal(frames, read_frames(tone(440), 8000, where="sound"))
    assert np.allclose(frames, read_frames(tone(440, channels=2), 8000, where="sound"), atol=1e-3)
    steady = frames[5:-5]
    assert (
        np.abs(steady - steady.mean(0)).max()
        < np.abs(steady.mean(0) - read_frames(tone(900), 8000, where="")[20]).max()
    )


def test_the_shortest_sound_has_a_frame_and_none_has_none():
    assert len(read_frames(tone(440, seconds=0.012), 8000, where="sound")) == 1
    assert read_frames(tone(440, seconds=0.0), 8000, where="sound").shape == (0, 13)


@pytest.mark.parametrize("feature", [None, datasets.Audio(decode=False), datasets.Audio()])
def test_a_column_of_sounds_becomes_frames(feature):
    sounds = [{"bytes": tone(hertz, seconds), "path": None} for hertz, seconds in ((300, 0.2), (500, 0.5), (700, 0.1))]
    schema = {"bytes": datasets.Value("binary"), "path": datasets.Value("string")} if feature is None else feature
    features = datasets.Features({"audio": schema, "label": datasets.Value("int64")})
    rows = datasets.Dataset.from_dict(
        {"audio": sounds, "label": [0, 1, 2]},
        features=datasets.Features(
            {
                "audio": {"bytes": datasets.Value("binary"), "path": datasets.Value("string")},
                "label": datasets.Value("int64"),
            }
        ),
    )
    if feature is not None:
        rows = datasets.Dataset(rows.data, info=datasets.DatasetInfo(features=features))
    columns = {"frames": "audio", "label": "label"}
    chosen = choose_columns(rows, columns, split="train", sampling_rate=8000)
    check_kinds(chosen, columns, split="train")
    assert [len(found) for found in chosen["frames"]] == [20, 50, 10]
    for sound, found in zip(sounds, chosen["frames"], strict=True):
        assert np.array_equal(np.array(found, np.float32), read_frames(sound["bytes"], 8000, where="sound"))


@pytest.mark.parametrize(
    ("sound", "message"),
    [
        ({"bytes": b"RIFF nonsense", "path": None}, "row 1: cannot be read .*expected a sound file"),
        ({"bytes": None, "path": None}, "row 1 is empty"),
        ({"bytes": None, "path": "no/such.wav"}, "row 1: cannot be read"),
        ({"bytes": b"", "path": None}, "row 1 is empty"),
        ({"bytes": not_finite(), "path": None}, "row 1: has samples that are not finite"),
        (None, "row 1 is empty"),
    ],
)
def test_what_is_no_sound_is_named(sound, message):
    rows = datasets.Dataset.from_dict({"audio": [{"bytes": tone(440), "path": None}, sound]})
    with pytest.raises(DataError, match=message):
        choose_columns(rows, {"frames": "audio"}, split="train")


def test_the_path_of_a_sound_is_an_input_too(tmp_path):
    path = tmp_path / "a tone.wav"
    path.write_bytes(tone(440))
    frames = read_frames(path, 8000, where="sound").tolist()
    rows = datasets.Dataset.from_dict({"frames": [frames, frames[:9]], "label": ["a", "b"]})
    task = task_class(RECIPE).fit(RECIPE, rows)
    read = parse_input(str(path), InputField("frames", "audio"), where="line 1")
    assert np.array_equal(task.encode_inputs([read]).inputs.values, task.encode_inputs([frames]).inputs.values)
    with pytest.raises(DataError, match=r"line 1: holds .*or the path of a sound"):
        parse_input(str(tmp_path / "none.wav"), InputField("frames", "audio"), where="line 1")
    with pytest.raises(DataError, match="line 1: holds"):
        parse_input("x" * 100_000, InputField("frames", "audio"), where="line 1")


def test_without_the_extra_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "soundfile", None)
    with pytest.raises(DataError, match=r"sound needs soundfile; .*pip install 'seqtasks\[audio\]'"):
        read_frames(tone(440), 8000, where="column")


def test_sounds_of_any_rate_are_brought_to_one():
    def noise(rate):
        time = np.arange(rate // 2) / rate
        waves = [np.sin(2 * np.pi * hertz * time + hertz**2) for hertz in range(100, 3500, 37)]
        file = io.BytesIO()
        soundfile.write(file, 0.01 * np.sum(waves, axis=0), rate, format="WAV")
        return file.getvalue()

    slow, fast = (read_frames(noise(rate), 8000, where="sound") for rate in (8000, 44100))
    assert slow.shape == fast.shape
    assert np.abs(slow[5:-5] - fast[5:-5]).mean() < 1
    assert np.abs(slow[5:-5] - read_frames(noise(44100), 44100, where="sound")[5:-5]).mean() > 5


def test_a_picture_that_is_stored_without_its_feature_is_no_sound():
    rows = datasets.Dataset.from_dict({"picture": [{"bytes": b"x", "path": None}]})
    with pytest.raises(DataError, match="expected text, class names, whole numbers, lists of these, or pictures"):
        choose_columns(rows, {"image": "picture"}, split="train")


def test_a_series_is_not_read_from_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "12").write_text("")
    assert parse_input("12", InputField("value", "value"), where="line 1") == [12.0]
    with pytest.raises(DataError, match="expected numbers, or a JSON list of frames; mend"):
        parse_input("prices.csv", InputField("value", "value"), where="line 1")


def test_an_export_says_that_it_reads_no_sounds(tmp_path):
    path = tmp_path / "a tone.wav"
    path.write_bytes(tone(440))
    Scaling(np.zeros(13), np.ones(13)).save(tmp_path / "scaling.json")
    with pytest.raises(DataError, match="an export does not read sounds"):
        inputs.frames(tmp_path)([str(path)])
