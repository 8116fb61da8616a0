"""The figures of a report, with their views."""

import pytest
from reported_study import Page, render, replaced

from showhow.base.errors import ShowhowError


def test_views_are_hidden_until_chosen_and_ordered_by_size(report):
    images = [attributes for tag, attributes in Page(render(report)).tags if tag == "img"]
    shown = [image for image in images if "hidden" not in image]
    assert len(shown) == 2
    models = [image["data-model"] for image in images if image["data-task"] == "listops"]
    assert models == ["all", "decoder-40k", "decoder-600k"]


def test_when_all_views_are_of_one_task_its_picture_is_not_there_twice(report, folder):
    (folder / "accuracy_over_n-views" / "addition--all.png").unlink()
    html = render(replaced(report, figures=("accuracy_over_n",)))
    images = [attributes for tag, attributes in Page(html).tags if tag == "img"]
    assert [(image["data-task"], image["data-model"]) for image in images] == [
        ("listops", "all"),
        ("listops", "decoder-40k"),
        ("listops", "decoder-600k"),
    ]


def test_a_missing_figure_is_named_with_the_remedy(report):
    with pytest.raises(ShowhowError, match=r"controls\.png.*snakemake"):
        render(replaced(report, figures=("controls",)))
