"""Sound to frames: mel-frequency cepstral coefficients, as Kaldi defines them.

Windows of 25 ms every 10 ms, 13 coefficients of 23 mel bands from 20 Hz to half the sampling rate, no dither, so that
equal sounds have equal frames (Davis and Mermelstein 1980; Povey et al. 2011). All sounds are brought to one sampling
rate first, as the bands depend on it.
"""

import io
import math
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from seqtasks.errors import DataError


def is_sound(kind: pa.DataType) -> bool:
    """Whether a column holds files of sound, as `datasets.Audio` stores them: their bytes, or a path."""
    return pa.types.is_struct(kind) and {field.name for field in kind} == {"bytes", "path"}


def sound_frames(array: pa.ChunkedArray, sampling_rate: int, *, where: str) -> pa.ChunkedArray:
    """A column of sounds as lists of frames.

    Args:
        array: structs of `bytes` and `path`.
        sampling_rate: of the frames' source, in Hz.
        where: the column, for messages.

    Raises:
        DataError: a row holds no sound, or the extra `audio` is not installed.
    """
    rows = []
    for row, stored in enumerate(array.to_pylist()):
        place = f"{where}: row {row}"
        if stored is None or not (stored["bytes"] or stored["path"]):
            raise DataError(f"{place} is empty (the first row is 0); expected a sound; leave such rows out of the data")
        rows.append(read_frames(stored["bytes"] or Path(stored["path"]), sampling_rate, where=place))
    offsets = np.cumsum([0, *map(len, rows)])
    values = pa.array(np.concatenate(rows).reshape(-1))
    frames = pa.ListArray.from_arrays(np.arange(0, len(values) + 1, rows[0].shape[1], dtype=np.int32), values)
    return pa.chunked_array([pa.ListArray.from_arrays(offsets.astype(np.int32), frames)])


def read_frames(sound: bytes | Path, sampling_rate: int, *, where: str) -> NDArray[np.float32]:
    """The frames `(time, 13)` of a sound file (WAV, FLAC, Ogg, MP3), its channels averaged.

    Args:
        sound: the file, or its bytes.
        sampling_rate: to which it is brought first, in Hz.
        where: for messages.

    Raises:
        DataError: it cannot be read, a sample is not finite, or the extra `audio` is not installed.
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
    if not np.isfinite(samples).all():
        raise DataError(f"{where}: has samples that are not finite; expected a sound; mend or remove it")
    samples = _resampled(samples.mean(axis=1), rate, sampling_rate)
    options = kaldi_native_fbank.MfccOptions()
    options.use_energy = False
    options.frame_opts.samp_freq = sampling_rate
    options.frame_opts.dither = 0.0
    options.frame_opts.snip_edges = False  # the shortest sound has a frame
    computer = kaldi_native_fbank.OnlineMfcc(options)
    computer.accept_waveform(sampling_rate, (samples * 32768.0).tolist())  # Kaldi counts in steps of 16 bits
    computer.input_finished()
    frames = [computer.get_frame(index) for index in range(computer.num_frames_ready)]
    return np.stack(frames) if frames else np.zeros((0, options.num_ceps), np.float32)


def _resampled(samples: NDArray[np.float32], rate: int, sampling_rate: int) -> NDArray[np.float32]:
    """Samples `(time,)` at another rate, without what it cannot hold."""
    if rate == sampling_rate or not len(samples):
        return samples
    from scipy.signal import resample_poly  # slow to import

    divisor = math.gcd(rate, sampling_rate)
    return np.asarray(resample_poly(samples, sampling_rate // divisor, rate // divisor), dtype=np.float32)
