"""Drawings, as they are printed."""

import pytest

from seqtasks.explain.diagram import draw
from seqtasks.explain.stand_ins import build
from seqtasks.recipe import parse_recipe

DRAWINGS = {
    "task: language_modeling\nbackbone: {cell: minlstm, num_layers: 2}": """
    y1 ─────┐     y2 ─────┐     y3
     ▲      │      ▲      │      ▲
 ┌───┴───┐  │  ┌───┴───┐  │  ┌───┴───┐
 │softmax│  │  │softmax│  │  │softmax│
 └───▲───┘  │  └───▲───┘  │  └───▲───┘
     │      │      │      │      │
 ┌───┴───┐  │  ┌───┴───┐  │  ┌───┴───┐
 │minLSTM│──┼─▶│minLSTM│──┼─▶│minLSTM│
 └───▲───┘  │  └───▲───┘  │  └───▲───┘
     │      │      │      │      │
 ┌───┴───┐  │  ┌───┴───┐  │  ┌───┴───┐
 │minLSTM│──┼─▶│minLSTM│──┼─▶│minLSTM│
 └───▲───┘  │  └───▲───┘  │  └───▲───┘
     │      │      │      │      │
   </s>     └───▶ y1      └───▶ y2
""",
    "task: tagging\nbackbone: {bidirectional: true}\nhead: {crf: true}": """
   tag1  ──── tag2  ──── tag3
     ▲          ▲          ▲
 ┌───┴───┐  ┌───┴───┐  ┌───┴───┐
 │ scores│  │ scores│  │ scores│
 └───▲───┘  └───▲───┘  └───▲───┘
     │          │          │
 ┌───┴───┐  ┌───┴───┐  ┌───┴───┐
 │  GRU  │─▶│  GRU  │─▶│  GRU  │
 │  GRU  │◀─│  GRU  │◀─│  GRU  │
 └───▲───┘  └───▲───┘  └───▲───┘
     │          │          │
    x1         x2         x3
""",
    "task: image_classification": """
              label
                ▲
 ┌──────────────┴──────────────┐
 │           softmax           │
 └──────────────▲──────────────┘
                │
 ┌──────────────┴──────────────┐
 │    convolutional network    │
 └──────────────▲──────────────┘
                │
             picture
""",
    "task: music\nhead: {attention: general}": """
                                          y1         y2        </s>
                                           ▲          ▲          ▲
                                       ┌───┴───┐  ┌───┴───┐  ┌───┴───┐
                                       │softmax│  │softmax│  │softmax│
                                       └───▲───┘  └───▲───┘  └───▲───┘
                                           │          │          │
 ┌─────────────────────────────────────────┴──────────┴──────────┴───┐
 │                 general attention to what was read                │
 └───▲──────────▲──────────▲───────────────▲──────────▲──────────▲───┘
     │          │          │               │          │          │
 ┌───┴──────────┴──────────┴───┐       ┌───┴───┐  ┌───┴───┐  ┌───┴───┐
 │   sum of attribute vectors  │──────▶│  GRU  │─▶│  GRU  │─▶│  GRU  │
 └───▲──────────▲──────────▲───┘       └───▲───┘  └───▲───┘  └───▲───┘
     │          │          │               │          │          │
    a1         a2         a3              <s>        y1         y2
""",
    "task: forecasting\nforecast: {prediction_length: 24}\nbackbone: {bidirectional: true}": """
        the next 24 steps
                ▲
 ┌──────────────┴──────────────┐
 │ each direction's last state │
 │         linear layer        │
 └───▲─────────────────────▲───┘
     │                     │
 ┌───┴───┐  ┌───────┐  ┌───┴───┐
 │  GRU  │─▶│  GRU  │─▶│  GRU  │
 │  GRU  │◀─│  GRU  │◀─│  GRU  │
 └───▲───┘  └───▲───┘  └───▲───┘
     │          │          │
    x1         x2         x3
""",
}


@pytest.mark.parametrize("text", DRAWINGS, ids=lambda text: text.split()[1])
def test_drawing(text):
    recipe = parse_recipe(f"dataset: {{path: memory}}\n{text}", source="test")
    assert draw(recipe, build(recipe)).splitlines() == DRAWINGS[text].strip("\n").splitlines()
