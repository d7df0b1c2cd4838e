from seqtasks.data.labels import Labels


def test_ids_do_not_depend_on_the_rows_order():
    labels = Labels.fit(["no", "yes", "maybe", "no"])
    assert labels.names == Labels.fit(["yes", "maybe", "no"]).names == ["maybe", "no", "yes"]
    assert labels.encode(["yes", "maybe"], unseen=-100).tolist() == [2, 0]
    assert len(labels) == 3


def test_a_label_that_was_not_fitted():
    assert Labels.fit(["a"]).encode(["b", "a"], unseen=-100).tolist() == [-100, 0]


def test_saved_and_loaded_they_are_the_same(tmp_path):
    Labels(["b", "ä"]).save(tmp_path / "labels.json")
    assert Labels.load(tmp_path / "labels.json").names == ["b", "ä"]
