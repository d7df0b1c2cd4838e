"""The words of a text share out what the text has changed, whatever a token is."""

import pytest
import torch
from exported_runs import predictor_of

from seqtasks.errors import RunError
from seqtasks.saliency import saliency

TEXT = "a good film , so bad !"
TOKENS = {
    "word": {},
    "whitespace": {"min_frequency: 1": "model: whitespace, min_frequency: 1"},
    "character": {"min_frequency: 1": "model: character, min_frequency: 1"},
    "bpe": {"min_frequency: 1": "model: bpe, vocab_size: 40, min_frequency: 1"},
}


@pytest.mark.parametrize("kind", TOKENS)
@pytest.mark.parametrize("cell", ["lstm", "mingru"])
def test_contributions_sum_to_the_change_of_the_log_odds(cell, kind):
    predictor = predictor_of("classification", cell, **TOKENS[kind])
    found = saliency(predictor, TEXT)
    change = found.log_odds - found.empty
    assert abs(change) > 1e-3
    assert sum(found.contributions) == pytest.approx(change, abs=0.01 * max(1, abs(change)) + 1e-4)
    assert found.words == TEXT.split()
    assert [TEXT[start:end] for start, end in found.spans] == found.words
    (answer,) = predictor.predict_with_details([TEXT])
    assert found.label == answer.value
    probability = torch.tensor(found.log_odds).sigmoid()
    assert float(probability) == pytest.approx(answer.details["probability"], abs=1e-3)


def test_of_two_labels_one_gains_what_the_other_loses():
    predictor = predictor_of("classification")
    mine, other = (saliency(predictor, TEXT, label=label) for label in ("yes", "no"))
    assert mine.contributions == pytest.approx([-value for value in other.contributions], abs=1e-2)


def test_a_word_without_a_vector_contributes_nothing():
    predictor = predictor_of("classification")
    place = predictor.task.reader.tokenizer.ids(["film"])
    with torch.no_grad():
        predictor.model.input.embedding.weight[place] = 0.0
    found = saliency(predictor, "good film")
    assert found.contributions[1] == 0.0
    assert found.contributions[0] != 0.0


def test_what_is_cut_off_contributes_nothing():
    found = saliency(predictor_of("classification"), "good film " * 20)
    assert any(found.contributions[:20])
    assert not any(found.contributions[20:])


@pytest.mark.parametrize("text", ["", "  ", "😀", "é" * 3])
def test_odd_texts(text):
    found = saliency(predictor_of("classification"), text)
    assert len(found.words) == len(found.contributions)


def test_what_cannot_be_explained_is_refused():
    with pytest.raises(RunError, match="saliency: translation was given; expected one run that labels texts"):
        saliency(predictor_of("translation"), "a")
    with pytest.raises(RunError, match='the label "maybe" was given; expected one of no, yes'):
        saliency(predictor_of("classification"), "a", label="maybe")
