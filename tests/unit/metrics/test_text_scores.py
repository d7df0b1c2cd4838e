import math

import pytest
from sacrebleu import sentence_chrf as sacrebleu_chrf

from seqtasks.errors import DataError
from seqtasks.metrics.text import bleu_parts, placeholder_score, sentence_chrf, text_scores

REFERENCES = [["The cat sat on the mat."], ["Bonjour à tous.", "Salut à tous."], ["It is raining today, isn't it?"]]
PERFECT = [row[-1] for row in REFERENCES]


def test_perfect_text_is_perfect_whichever_reference_it_meets():
    scores = text_scores(REFERENCES, PERFECT, metrics=("bleu", "chrf", "ter"))
    assert [score.name for score in scores] == ["bleu", "chrf", "ter"]
    assert [score.value for score in scores] == pytest.approx([100, 100, 0])
    assert [score.high for score in scores] == pytest.approx([100, 100, 0])
    assert [score.higher_is_better for score in scores] == [True, True, False]
    assert all("nrefs:var" in score.signature and "version:" in score.signature for score in scores)
    assert scores[0].support == "3 sentences"


def test_without_intervals_the_values_stay():
    guesses = ["The cat sat.", "Salut à tous.", "Is it {x} today?"]
    for score, plain in zip(
        [*text_scores(REFERENCES, guesses), placeholder_score([["{x}"]] * 3, guesses)],
        [
            *text_scores(REFERENCES, guesses, intervals=False),
            placeholder_score([["{x}"]] * 3, guesses, intervals=False),
        ],
        strict=True,
    ):
        assert plain.value == score.value
        assert plain.low is plain.high is None
        assert "bs:" in score.signature
        assert "bs:" not in plain.signature


def test_empty_predictions_score_nothing():
    scores = text_scores(REFERENCES, ["", "", ""], metrics=("bleu", "chrf", "ter"))
    assert [(score.value, score.low, score.high) for score in scores[:2]] == [(0, 0, 0)] * 2
    assert scores[2].value == pytest.approx(100)


def test_case_counts_unless_told():
    shouted = [text.upper() for text in PERFECT]
    for metric in ("bleu", "chrf", "ter"):
        [cased] = text_scores(REFERENCES, shouted, metrics=(metric,))
        [uncased] = text_scores(REFERENCES, shouted, metrics=(metric,), lowercase=True)
        assert uncased.value == pytest.approx(100 if metric != "ter" else 0)
        assert cased.value != pytest.approx(uncased.value)


def test_rows_without_reference_are_refused():
    with pytest.raises(DataError, match="row 1: no reference"):
        text_scores([["a"], []], ["a", "b"])
    with pytest.raises(DataError, match="no references"):
        text_scores([], [])
    with pytest.raises(DataError, match="no reference"):
        sentence_chrf([], "a")


def test_sentence_chrf_is_that_of_the_best_reference():
    references, prediction = ["a house by the sea", "the house near the sea"], "the house near a sea"
    best = max(sacrebleu_chrf(prediction, [reference]).score for reference in references)
    assert sentence_chrf(references, prediction) == pytest.approx(best)


def test_placeholders_must_all_come_through():
    references = [["Hello {name}"], ["{a} and {a}"], ["{x}", "without"], ["nothing here"], ["{y}"]]
    right = ["Salut {name}", "{a} et {a}", "sans", "{extra}", "{y}"]
    score = placeholder_score(references, right)
    assert (score.name, score.value, score.support) == ("placeholder_accuracy", 1.0, "4 sentences with placeholders")
    wrong = ["Salut {nom}", "{a} et", "{x} {x}", "", "{y} {z}"]
    assert placeholder_score(references, wrong).value == 0
    assert placeholder_score([["none"]], ["none"]) is None


def test_intervals_where_some_resamples_have_no_matching_words_at_all():
    """One row of six has four words in a row right, so many resamples score 0 and others do not."""
    references = [["a b c d e"], *([["x"]] * 5)]
    (score,) = text_scores(references, ["a b c d e", *("yzuvw")], metrics=("bleu",))
    assert 0 <= score.low < score.high == 100


def test_punctuation_may_be_left_out():
    references = [["A man , on a t-shirt ."], ["Two dogs run !"]]
    guesses = ["A man on a t-shirt", '"Two dogs" run ...']
    (counted,) = text_scores(references, guesses, metrics=("bleu",))
    (left_out,) = text_scores(references, guesses, metrics=("bleu",), punctuation=False)
    assert counted.value < 99 < left_out.value
    assert left_out.signature == f"{counted.signature}|punctuation:no"
    (wrong,) = text_scores(references, ["A man on a t shirt", "Two dogs run"], metrics=("bleu",), punctuation=False)
    assert wrong.value < 99


def test_bleu_of_single_words_is_their_precision():
    (score,) = text_scores([["a b c d"]], ["d c b x"], metrics=("bleu_1",))
    assert (score.name, score.unit) == ("bleu_1", "BLEU")
    assert score.value == pytest.approx(75)


@pytest.mark.parametrize(
    "text", ["हिन्दी भाषा सुन्दर है", "தமிழ் மொழி ஒரு செம்மொழி", "cafe\u0301 au lait ici", "3 € et 5 £ ici"]
)
def test_marks_and_symbols_are_no_punctuation(text):
    for other in (text, f"{text} !", f"« {text} »"):
        (score,) = text_scores([[text]], [other], metrics=("bleu",), punctuation=False)
        assert score.value > 99
    (other,) = text_scores([[text]], [text.replace(text[3], "x")], metrics=("bleu_1",), punctuation=False)
    assert other.value < 100


def test_each_kind_of_bleu_has_a_signature_of_its_own():
    scores = text_scores([["a b c d"]], ["a b c d"], metrics=("bleu", "bleu_1"))
    assert scores[1].signature == f"{scores[0].signature}|order:1"


def test_texts_that_are_split_already_are_no_reason_to_warn(caplog):
    texts = ["a dog runs ."] * 200
    text_scores([[text] for text in texts], texts, metrics=("bleu",), tokenize="none")
    assert not caplog.records


def test_parts_make_up_bleu():
    """Four precisions and a penalty by hand, and the score that sacrebleu makes of them."""
    references, outputs = [["the cat sat on the mat today"]], ["the cat sat on a mat"]
    parts = bleu_parts(references, outputs)
    assert parts.precisions == pytest.approx([5 / 6, 3 / 5, 2 / 4, 1 / 3])
    assert parts.length_ratio == pytest.approx(6 / 7)
    assert parts.brevity_penalty == pytest.approx(math.exp(1 - 7 / 6))
    (score,) = text_scores(references, outputs, metrics=("bleu",), intervals=False)
    product = math.prod(parts.precisions) ** 0.25 * parts.brevity_penalty
    assert score.value == pytest.approx(100 * product)
    assert bleu_parts([["A b."]], ["a b"], lowercase=True, punctuation=False).length_ratio == 1
