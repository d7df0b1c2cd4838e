"""Sound to frames: mel-frequency cepstral coefficients, as Kaldi defines them.

Windows of 25 ms every 10 ms, 13 coefficients of 23 mel bands from 20 Hz to half the sampling rate, no dither, so that
equal sounds have equal frames (Davis and Mermelstein 1980; Povey et al. 2011).
"""

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from seqtasks.errors import DataError


def is_sound(kind: pa.DataType) -> bool:
    """Whether a column holds files of sound, as `datasets.Audio` stores them: their bytes, or a path."""
    return pa.types.is_struct(kind) and {field.name for field in kind} == {"bytes", "path"}


def sound_frames(array: pa.ChunkedArray, *, where: str) -> pa.ChunkedArray:
    """A column of sounds as lists of frames.

    Args:
        array: structs of `bytes` and `path`.
        where: the column, for messages.

    Raises:
        DataError: a row holds no sound, or the extra `audio` is not installed.
    """
    rows = []
    for row, stored in enumerate(array.to_pylist()):
        place = f"{where}: row {row}"
        if stored is None or (stored["bytes"] is None and not stored["path"]):
            raise DataError(f"{place} is empty (the first row is 0); expected a sound; leave such rows out of the data")
        rows.append(read_frames(stored["bytes"] or Path(stored["path"]), where=place))
    offsets = np.cumsum([0, *map(len, rows)])
    values = pa.array(np.concatenate(rows).reshape(-1))
    frames = pa.ListArray.from_arrays(np.arange(0, len(values) + 1, rows[0].shape[1], dtype=np.int32), values)
    return pa.chunked_array([pa.ListArray.from_arrays(offsets.astype(np.int32), frames)])


def read_frames(sound: bytes | Path, *, where: str) -> NDArray[np.float32]:
    """The frames `(time, 13)` of a sound file (WAV, FLAC, Ogg, MP3), its channels averaged.

    Args:
        sound: the file, or its bytes.
        where: for messages.

    Raises:
        DataError: it cannot be read, or the extra `audio` is not installed.
    """
    try:
        import kaldi_native_fbank
        import soundfile
    except ImportError as error:
        raise DataError(
            f"{where}: sound needs {error.name}; expected it to be installed; pip install 'seqtasks[audio]'"
        ) from None
    try:
        samples, rate = soundfile.read(
            io.BytesIO(sound) if isinstance(sound, bytes) else sound, dtype="float32", always_2d=True
        )
    except (OSError, soundfile.SoundFileError) as error:
        raise DataError(
            f"{where}: cannot be read ({error}); expected a sound file, such as WAV; mend or remove it"
        ) from None
    options = kaldi_native_fbank.MfccOptions()
    options.frame_opts.samp_freq = rate
    options.frame_opts.dither = 0.0
    options.frame_opts.snip_edges = False  # the shortest sound has a frame
    computer = kaldi_native_fbank.OnlineMfcc(options)
    computer.accept_waveform(rate, (samples.mean(axis=1) * 32768.0).tolist())
    computer.input_finished()
    frames = [computer.get_frame(index) for index in range(computer.num_frames_ready)]
    return np.stack(frames) if frames else np.zeros((0, options.num_ceps), np.float32)
