"""Sounds to frames."""

import io
import math
import struct
import wave

import datasets
import numpy as np
import pytest

from seqtasks.data.audio import read_frames
from seqtasks.data.columns import choose_columns
from seqtasks.data.kinds import check_kinds
from seqtasks.errors import DataError
from seqtasks.input_lines import InputField, parse_input
from seqtasks.recipe import parse_recipe
from seqtasks.tasks import task_class

RECIPE = parse_recipe("task: frame_classification\ndataset: {path: memory}\n", source="test")


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


def test_a_frame_every_ten_milliseconds():
    frames = read_frames(tone(440), where="sound")
    assert frames.shape == (50, 13)
    assert frames.dtype == np.float32
    assert np.isfinite(frames).all()
    assert np.array_equal(frames, read_frames(tone(440), where="sound"))
    assert np.allclose(frames, read_frames(tone(440, channels=2), where="sound"), atol=1e-3)
    steady = frames[5:-5]
    assert np.abs(steady - steady.mean(0)).max() < np.abs(steady.mean(0) - read_frames(tone(900), where="")[20]).max()


def test_the_shortest_sound_has_a_frame_and_none_has_none():
    assert len(read_frames(tone(440, seconds=0.012), where="sound")) == 1
    assert read_frames(tone(440, seconds=0.0), where="sound").shape == (0, 13)


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
    chosen = choose_columns(rows, columns, split="train")
    check_kinds(chosen, columns, split="train")
    assert [len(frames) for frames in chosen["frames"]] == [20, 50, 10]
    for sound, frames in zip(sounds, chosen["frames"], strict=True):
        assert np.array_equal(np.array(frames, np.float32), read_frames(sound["bytes"], where="sound"))


@pytest.mark.parametrize(
    ("sound", "message"),
    [
        ({"bytes": b"RIFF nonsense", "path": None}, "row 1: cannot be read .*expected a sound file"),
        ({"bytes": None, "path": None}, "row 1 is empty"),
        ({"bytes": None, "path": "no/such.wav"}, "row 1: cannot be read"),
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
    frames = read_frames(path, where="sound").tolist()
    rows = datasets.Dataset.from_dict({"frames": [frames, frames[:9]], "label": ["a", "b"]})
    task = task_class(RECIPE).fit(RECIPE, rows)
    read = parse_input(str(path), InputField("frames", "audio"), where="line 1")
    assert np.array_equal(task.encode_inputs([read]).inputs.values, task.encode_inputs([frames]).inputs.values)
    with pytest.raises(DataError, match=r"line 1: holds .*a sound's path"):
        parse_input(str(tmp_path / "none.wav"), InputField("frames", "audio"), where="line 1")
    with pytest.raises(DataError, match="line 1: holds"):
        parse_input("x" * 100_000, InputField("frames", "audio"), where="line 1")


def test_without_the_extra_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "soundfile", None)
    with pytest.raises(DataError, match=r"sound needs soundfile; .*pip install 'seqtasks\[audio\]'"):
        read_frames(tone(440), where="column")
