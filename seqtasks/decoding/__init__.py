"""Greedy search, beam search and sampling over a `Step`; knows neither text nor model classes."""

from seqtasks.decoding.beam import beam_search
from seqtasks.decoding.greedy import greedy
from seqtasks.decoding.sampling import draw_token, sample
from seqtasks.decoding.step import State, Step
from seqtasks.hypothesis import Hypothesis

__all__ = ["Hypothesis", "State", "Step", "beam_search", "draw_token", "greedy", "sample"]
