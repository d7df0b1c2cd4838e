"""How far back a recurrent layer learns: gradients that vanish, survive or explode on their way through time.

    cells -> backpropagation -> measurement -> findings -> terminal, page

A recipe's network is built once with each cell, and for each one is measured how long the gradient of a loss at the
last step still is when it reaches the states before it (Bengio et al. 1994; Pascanu et al. 2013, arXiv:1211.5063).
"""

from seqtasks.gradients.measurement import Measurement, Network, measure
from seqtasks.gradients.page import write_page
from seqtasks.gradients.terminal import print_gradients

__all__ = ["Measurement", "Network", "measure", "print_gradients", "write_page"]
