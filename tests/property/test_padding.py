"""What stands at padding, how rows are batched, and their order change neither outputs nor gradients."""

from typing import get_args

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from seqtasks import RNN, CharacterFeatures, ClassificationHead, DecoderHead, TaggingHead, TokenInput
from seqtasks.backbone import IGNORE_INDEX, Batch, Characters, Tokens
from seqtasks.backbone.attention import AttentionName
from seqtasks.backbone.cells import CELLS
from seqtasks.tasks.model import SequenceModel

VOCABULARY, LABELS = 9, 3
LENGTHS = st.lists(st.integers(1, 6), min_size=1, max_size=4)
HEADS = ["final", "mean", "max", "attention", "tags", "tags of cnn words", "tags of rnn words", "text"]
HEADS += [f"text with {kind}" for kind in get_args(AttentionName)]
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


def _model(kind: str) -> SequenceModel:
    spelling = None
    if "words" in kind:
        spelling = CharacterFeatures(VOCABULARY, encoder=kind.split()[2], embedding_size=3, hidden_size=4)
    inputs = TokenInput(VOCABULARY, embedding_size=4, characters=spelling)
    rnn = RNN(inputs.output_size, hidden_size=2, num_layers=2, bidirectional=True, residual=True, layer_norm=True)
    head: nn.Module
    if kind.startswith("text"):
        attention = kind.split()[2] if "with" in kind else None
        head = DecoderHead(VOCABULARY, 4, 4, embedding_size=3, hidden_size=4, num_layers=2, attention=attention)
    elif kind.startswith("tags"):
        head = TaggingHead(4, LABELS)
    else:
        head = ClassificationHead(4, LABELS, pooling=kind)
    return SequenceModel(inputs, rnn, head).double()


def _row(kind: str, length: int) -> Batch:
    """One example without any padding; the words of a row are all distinct, of 1 to 3 characters."""
    spelled = None
    if "words" in kind:
        lengths = torch.randint(1, 4, (length,))
        lengths[0] = 3
        real = torch.arange(3) < lengths[:, None]
        ids = torch.randint(1, VOCABULARY, (length, 3)) * real
        spelled = Characters(ids, lengths, torch.arange(length)[None])
    targets = torch.randint(0, LABELS, (1,))
    if kind.startswith("text"):
        targets = torch.randint(4, VOCABULARY, (1, int(torch.randint(1, 5, ()))))
    elif kind.startswith("tags"):
        targets = torch.randint(0, LABELS, (1, length))
    return Batch(Tokens(torch.randint(1, VOCABULARY, (1, length)), torch.tensor([length]), spelled), targets)


def _pad(rows: list[Tensor], garbage: Tensor) -> Tensor:
    for target, row in zip(garbage, rows, strict=True):
        target[: row.shape[1]] = row[0]
    return garbage


def _join(rows: list[Batch], extra: int) -> Batch:
    """The rows in one batch with random ids at padding, `extra` steps longer than needed."""
    lengths = torch.cat([row.inputs.lengths for row in rows])
    shape = (len(rows), int(lengths.max()) + extra)
    spelled = None
    if rows[0].inputs.characters is not None:
        tables = [row.inputs.characters for row in rows]
        offsets = [sum(len(table.ids) for table in tables[:index]) for index in range(len(tables))]
        words = torch.cat([table.ids for table in tables])
        word_lengths = torch.cat([table.lengths for table in tables])
        garbage = torch.randint(1, VOCABULARY, (len(words), 3 + extra))
        garbage[:, :3] = torch.where(torch.arange(3) < word_lengths[:, None], words, garbage[:, :3])
        places = [table.words + offset for table, offset in zip(tables, offsets, strict=True)]
        spelled = Characters(garbage, word_lengths, _pad(places, torch.randint(0, len(words), shape)))
    ids = _pad([row.inputs.ids for row in rows], torch.randint(1, VOCABULARY, shape))
    targets = [row.targets for row in rows]
    if targets[0].ndim == 1:
        return Batch(Tokens(ids, lengths, spelled), torch.cat(targets))
    time = max(target.shape[1] for target in targets) + extra
    return Batch(Tokens(ids, lengths, spelled), _pad(targets, torch.full((len(rows), time), IGNORE_INDEX)))


def _gradients(model: nn.Module) -> dict[str, Tensor]:
    found = {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}
    model.zero_grad()
    return found


@pytest.mark.parametrize("kind", HEADS)
@settings(max_examples=8, deadline=None)
@given(lengths=LENGTHS, extra=st.integers(0, 2), seed=st.integers(0, 2**16))
def test_a_row_is_answered_alike_alone_and_in_any_batch(kind, lengths, extra, seed):
    torch.manual_seed(seed)
    model = _model(kind)
    rows = [_row(kind, length) for length in lengths]
    alone = [model(row) for row in rows]
    sum(output.loss_sum for output in alone).backward()
    expected = _gradients(model)

    order = torch.randperm(len(rows)).tolist()
    batch = _join([rows[index] for index in order], extra)
    together = model(batch)
    together.loss_sum.backward()
    model.eval()  # where a vocabulary is trained there are no logits
    answers = model(batch).logits
    for place, index in enumerate(order):
        logits, found = model(rows[index]).logits[0], answers[place]
        torch.testing.assert_close(found[: len(logits)] if logits.ndim > 1 else found, logits, **CLOSE)
    assert int(together.count) == sum(int(output.count) for output in alone)
    for name, gradient in _gradients(model).items():
        torch.testing.assert_close(gradient, expected[name], **CLOSE, msg=lambda text, name=name: f"{name}: {text}")


@pytest.mark.parametrize("cell", CELLS)
@settings(max_examples=10, deadline=None)
@given(
    lengths=LENGTHS,
    bidirectional=st.booleans(),
    num_layers=st.integers(1, 2),
    learn_initial_state=st.booleans(),
    garbage=st.sampled_from([1.0, -1e3, 1e6]),
    seed=st.integers(0, 2**16),
)
def test_no_direction_reads_padding(cell, lengths, garbage, seed, **options):
    torch.manual_seed(seed)
    rnn = RNN(3, cell=cell, hidden_size=4, **options).double()
    for parameter in [*rnn.forward_initial, *rnn.backward_initial]:
        nn.init.normal_(parameter)
    rows = [torch.randn(1, length, 3, dtype=torch.float64) for length in lengths]
    inputs = _pad(rows, torch.full((len(rows), 8, 3), garbage, dtype=torch.float64)).requires_grad_()
    encoding = rnn(inputs, torch.tensor(lengths))
    for index, (row, length) in enumerate(zip(rows, lengths, strict=True)):
        alone = rnn(row)
        torch.testing.assert_close(encoding.states[index, :length], alone.states[0], **CLOSE)
        torch.testing.assert_close(encoding.final[:, index], alone.final[:, 0], **CLOSE)
        assert not encoding.states[index, length:].any()
    (encoding.states.sum() + encoding.final.sum()).backward()
    for gradient, length in zip(inputs.grad, lengths, strict=True):
        assert not gradient[length:].any()


@pytest.mark.parametrize("cell", CELLS)
def test_the_final_state_of_the_backward_direction_has_read_the_whole_row(cell):
    rnn = RNN(3, cell=cell, hidden_size=4, bidirectional=True)
    encoding = rnn(torch.randn(2, 6, 3), torch.tensor([6, 2]))
    torch.testing.assert_close(encoding.final[0, :, 4:], encoding.states[:, 0, 4:])
    torch.testing.assert_close(encoding.final[0, 1, :4], encoding.states[1, 1, :4])


def test_the_vector_of_padding_is_zero():
    assert not TokenInput(5, embedding_size=3, padding_id=0).embedding.weight[0].any()


def test_word_dropout_spares_padding_and_happens_in_training_only():
    inputs = TokenInput(5, embedding_size=3, word_dropout=0.9)
    tokens = Tokens(torch.tensor([[2, 3, 0]] * 50), torch.tensor([2] * 50))
    unknown, padding = inputs.embedding.weight[1], inputs.embedding.weight[0]
    trained = inputs(tokens)
    assert (trained[:, :2] == unknown).all(-1).float().mean() > 0.7
    assert (trained[:, 2] == padding).all()
    assert torch.equal(inputs.eval()(tokens), inputs.embedding(tokens.ids))
