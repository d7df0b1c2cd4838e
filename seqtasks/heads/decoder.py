"""The text decoder: one-to-many from a vector, many-to-many with attention to the input's states.

    h_t = RNN(embedding(y_{t-1}), h_{t-1})        the first layer, started from the input's final state
    a_t = tanh(W [h_t; attention(h_t)])           Luong et al. 2015, arXiv:1508.04025
    s_t = a_t + RNN(a_t, s_{t-1})                 further layers, each with a residual connection
    p(y_t) = softmax(E s_t)                       E the embeddings, if tied (Press and Wolf 2017)

Attention stands behind the first layer, as in GNMT (Wu et al. 2016, arXiv:1609.08144), so in training every
layer runs over all target steps at once. With `input_feeding`, a_{t-1} joins the next input and the steps
run one after the other.
"""

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn

from seqtasks.backbone import IGNORE_INDEX, Attention, Dropout, Encoding, Memory
from seqtasks.backbone.attention import AttentionName
from seqtasks.backbone.cells import CellName, recurrent_layer
from seqtasks.backbone.stepping import Hidden, Stepper, one_step
from seqtasks.heads.output import HeadOutput
from seqtasks.heads.vocabulary import score_vocabulary


@dataclass(frozen=True)
class DecoderState:
    """Where decoding stands: a state for each hypothesis, the memory once for each sentence.

    Attributes:
        hidden: of every layer, `(batch, hypotheses, hidden)`.
        feed: the attentional vector `(batch, hypotheses, hidden)`, with input feeding.
        memory: what is attended to.
    """

    hidden: tuple[Hidden, ...]
    feed: Tensor | None
    memory: Memory | None

    def reorder(self, beams: Tensor) -> Self:
        """New hypothesis `k` of sentence `b` continues old hypothesis `beams[b, k]`."""

        def pick(states: Tensor) -> Tensor:
            return states.gather(1, beams[..., None].expand(-1, -1, states.shape[-1]))

        hidden = tuple(tuple(map(pick, layer)) for layer in self.hidden)
        return type(self)(hidden, None if self.feed is None else pick(self.feed), self.memory)

    def keep(self, sentences: Tensor) -> Self:
        """Only these sentences `(kept,)` go on."""
        hidden = tuple(tuple(states[sentences] for states in layer) for layer in self.hidden)
        return type(self)(
            hidden,
            None if self.feed is None else self.feed[sentences],
            None if self.memory is None else self.memory.keep(sentences),
        )


class DecoderHead(nn.Module):
    """A recurrent decoder.

    Args:
        vocab_size: number of target ids.
        start_size: size of the vector that the first state is made from.
        memory_size: size of the states to attend to; not used without attention.
        embedding: shared with the input; None: its own.
        embedding_size: of a target token.
        cell: of the recurrent layers.
        hidden_size: of every layer.
        num_layers: recurrent layers.
        attention: kind of attention; None: the input is only seen through the first state.
        num_heads: for multihead attention.
        input_feeding: the attentional vector joins the next input.
        tie_embeddings: the output layer's weights are the embeddings.
        dropout: on embeddings and on the vectors before the output layer.
        label_smoothing: in training only.
        bos_id: the token before the first.

    Raises:
        ValueError: input feeding without attention.
    """

    def __init__(
        self,
        vocab_size: int,
        start_size: int,
        memory_size: int,
        *,
        embedding: nn.Embedding | None = None,
        embedding_size: int = 128,
        cell: CellName = "gru",
        hidden_size: int = 256,
        num_layers: int = 1,
        attention: AttentionName | None = None,
        num_heads: int = 4,
        input_feeding: bool = False,
        tie_embeddings: bool = True,
        dropout: float = 0.0,
        label_smoothing: float = 0.0,
        bos_id: int = 2,
    ) -> None:
        super().__init__()
        if input_feeding and attention is None:
            raise ValueError("input_feeding: there is no attention whose vector could be fed; set attention")
        self.hidden_size, self.label_smoothing, self.bos_id = hidden_size, label_smoothing, bos_id
        if embedding is None:
            embedding = nn.Embedding(vocab_size, embedding_size)
            nn.init.normal_(embedding.weight, std=embedding_size**-0.5)
        self.embedding = embedding
        first = embedding.embedding_dim + (hidden_size if input_feeding else 0)
        sizes = [first, *[hidden_size] * (num_layers - 1)]
        self.layers = nn.ModuleList(recurrent_layer(cell, size, hidden_size) for size in sizes)
        self.states_per_layer = 2 if cell == "lstm" else 1
        self.start = nn.Linear(start_size, num_layers * self.states_per_layer * hidden_size)
        self.attention: Attention | None = None
        if attention is not None:
            self.attention = Attention(hidden_size, memory_size, kind=attention, num_heads=num_heads)
            self.combine = nn.Linear(hidden_size + memory_size, hidden_size, bias=False)
        self.input_feeding = input_feeding
        self.dropout = Dropout(dropout)
        width = embedding.embedding_dim if tie_embeddings else hidden_size
        self.project = nn.Identity() if width == hidden_size else nn.Linear(hidden_size, width, bias=False)
        self.output = nn.Linear(width, vocab_size)
        if tie_embeddings:
            self.output.weight = embedding.weight

    def forward(self, encoding: Encoding, targets: Tensor) -> HeadOutput:
        """Score given texts.

        Args:
            encoding: of the inputs.
            targets: token ids that end with the end token, `(batch, time)`, `IGNORE_INDEX` at padding.

        Returns:
            Logits `(batch, time, vocab_size)` of each token given the input and the tokens before it; none in training.
        """
        states, weights, _ = self._read(self._embed_previous(targets), self.begin(encoding))
        return score_vocabulary(
            self.project(states),
            self.output,
            targets,
            training=self.training,
            label_smoothing=self.label_smoothing,
            attention=weights,
        )

    def first_inputs(self, encoding: Encoding, targets: Tensor) -> tuple[Tensor, Hidden]:
        """What the first recurrent layer reads while the head scores given texts; arguments are those of `forward`.

        Returns:
            Its inputs `(batch, time, features)`, with input feeding those that are fed among them, and first state.
        """
        vectors, state = self._embed_previous(targets), self.begin(encoding)
        if state.feed is not None and state.memory is not None:
            fed, _, _ = self._read_fed(vectors, state.hidden[0], state.feed, state.memory)
            vectors = torch.cat([vectors, torch.cat([state.feed, fed[:, :-1]], dim=1)], dim=-1)
        return vectors, tuple(part.transpose(0, 1) for part in state.hidden[0])

    def _embed_previous(self, targets: Tensor) -> Tensor:
        """Vectors of the tokens before the targets."""
        known = targets.masked_fill(targets == IGNORE_INDEX, 0)
        previous = torch.cat([torch.full_like(known[:, :1], self.bos_id), known[:, :-1]], dim=1)
        return self.dropout(self.embedding(previous))

    def begin(self, encoding: Encoding) -> DecoderState:
        """The state before the first token, one hypothesis a sentence."""
        start = torch.tanh(self.start(encoding.final[-1]))[:, None]
        parts = start.split(self.hidden_size, dim=-1)
        per_layer = self.states_per_layer
        hidden = tuple(parts[index : index + per_layer] for index in range(0, len(parts), per_layer))
        memory = None if self.attention is None else self.attention.prepare(encoding)
        return DecoderState(hidden, torch.zeros_like(parts[0]) if self.input_feeding else None, memory)

    def step(self, tokens: Tensor, state: DecoderState) -> tuple[Tensor, DecoderState]:
        """One step of every hypothesis: the `seqtasks.decoding.Step` protocol.

        Args:
            tokens: the tokens just chosen, `(batch, hypotheses)`.
            state: after the tokens before them.

        Returns:
            Log-probabilities of the next token `(batch, hypotheses, vocab_size)` and the new state.
        """
        rows = tokens.numel()
        vectors = self.embedding(tokens).view(rows, 1, -1)
        states, _, state = self._read(vectors, state)
        return self._logits(states).log_softmax(-1).view(*tokens.shape, -1), state

    def _read(self, vectors: Tensor, state: DecoderState) -> tuple[Tensor, Tensor | None, DecoderState]:
        """Run all layers over `(rows, time, embedding)`; rows are sentences times hypotheses.

        Either there is one hypothesis a sentence or one time step, so both make up the queries of attention.

        Returns:
            What the output layer reads `(rows, time, hidden)`, attention's weights, and the state after the last step.
        """
        weights, feed = None, None
        if state.feed is None or state.memory is None:
            states, first = self._run(0, vectors, state)
            if state.memory is not None:
                states, weights = self._attend(states, state.memory)
        else:
            states, weights, first = self._read_fed(vectors, state.hidden[0], state.feed, state.memory)
            feed = states[:, -1].view_as(state.feed)
        vectors, hidden = self.dropout(states), [first]
        for index in range(1, len(self.layers)):
            states, final = self._run(index, vectors, state)
            vectors = self.dropout(states + vectors)
            hidden.append(final)
        return vectors, weights, DecoderState(tuple(hidden), feed, state.memory)

    def _run(self, index: int, vectors: Tensor, state: DecoderState) -> tuple[Tensor, Hidden]:
        """One layer over all steps."""
        batch, hypotheses, _ = state.hidden[index][0].shape
        if vectors.shape[1] == 1 and not torch.is_grad_enabled():
            final = one_step(
                self.layers[index], vectors[:, 0], tuple(part.flatten(0, 1) for part in state.hidden[index])
            )
            return final[0][:, None], tuple(part.view(batch, hypotheses, -1) for part in final)
        initial = tuple(part.reshape(1, batch * hypotheses, -1) for part in state.hidden[index])
        states, final = self.layers[index](vectors, initial if len(initial) > 1 else initial[0])
        final = final if isinstance(final, tuple) else (final,)
        return states, tuple(part.view(batch, hypotheses, -1) for part in final)

    def _attend(self, states: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """Attentional vectors, of the shape of the states, and weights `(batch, queries, time)`."""
        if self.attention is None:
            raise ValueError(
                "state: has a memory, but this decoder has no attention; expected one that it began itself"
            )
        queries = states.reshape(len(memory.keys), -1, self.hidden_size)
        context, weights = self.attention(queries, memory)
        return torch.tanh(self.combine(torch.cat([queries, context], dim=-1))).view(states.shape), weights

    def _read_fed(self, vectors: Tensor, hidden: Hidden, fed: Tensor, memory: Memory) -> tuple[Tensor, Tensor, Hidden]:
        """The first layer and attention, one step after the other, each fed the attentional vector before it."""
        stepper = Stepper(self.layers[0], vectors.shape[-1])
        steps = []
        for gates in stepper.gates(vectors).unbind(1):
            hidden = stepper(gates.view(*fed.shape[:2], -1), fed, hidden)
            fed, weights = self._attend(hidden[0], memory)
            steps.append((fed.reshape(len(vectors), -1), weights))
        all_fed, all_weights = zip(*steps, strict=True)
        return torch.stack(all_fed, dim=1), torch.cat(all_weights, dim=1), hidden

    def _logits(self, states: Tensor) -> Tensor:
        return self.output(self.project(states))
