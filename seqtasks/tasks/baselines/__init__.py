"""The simplest honest competitor of each task, fitted on the same training rows as the network.

A score means little alone: it has to be seen beside what counting, copying or looking up would reach. All of them
are deterministic, have no settings to tune, and see no test label. One file for each kind of answer.
"""

from seqtasks.tasks.baselines.labels import nearest_image_label, pooled_statistics, tfidf_logistic_regression
from seqtasks.tasks.baselines.ngrams import NGramModel
from seqtasks.tasks.baselines.pictures import commonest_caption, nearest_image
from seqtasks.tasks.baselines.series import last_value, mean_target, seasonal_naive
from seqtasks.tasks.baselines.tags import framewise_logistic_regression, most_frequent_tag
from seqtasks.tasks.baselines.texts import copy_source, translation_memory

__all__ = [
    "NGramModel",
    "commonest_caption",
    "copy_source",
    "framewise_logistic_regression",
    "last_value",
    "mean_target",
    "most_frequent_tag",
    "nearest_image",
    "nearest_image_label",
    "pooled_statistics",
    "seasonal_naive",
    "tfidf_logistic_regression",
    "translation_memory",
]
