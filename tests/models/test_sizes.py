"""The counted sizes are those of the real models."""

import pytest

from showhow.models.ladder import new_model
from showhow.models.sizes import parameters_of
from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.base_models import FolderModel, HubModel, LadderModel


@pytest.mark.parametrize("tokenizer", ["words", "bytes"])
@pytest.mark.parametrize("family", ["decoder", "t5"])
@pytest.mark.parametrize(("hidden", "layers", "heads"), [(32, 1, 2), (64, 3, 4), (136, 2, 4)])
def test_a_ladder_models_size_is_known_before_it_is_made(tokenizer, family, hidden, layers, heads):
    size = {"hidden": hidden, "layers": layers, "heads": heads}
    described = LadderModel(kind="ladder", family=family, tokenizer=tokenizer, **size)
    model = new_model(described, ladder_tokenizer(tokenizer), seed=0)
    assert parameters_of(described) == model.num_parameters()


@pytest.mark.parametrize("family", ["decoder", "t5"])
def test_a_folders_size_is_read_from_its_weights(family, tmp_path):
    described = LadderModel(kind="ladder", family=family, hidden=32, layers=2, heads=2)
    model = new_model(described, ladder_tokenizer(), seed=0)
    model.save_pretrained(tmp_path)
    folder = FolderModel(kind="folder", path=str(tmp_path))
    assert parameters_of(folder) == model.num_parameters()


def test_a_hub_models_size_is_what_the_configuration_says():
    assert parameters_of(HubModel(kind="hub", id="google-t5/t5-small")) is None
    described = HubModel(kind="hub", id="google-t5/t5-small", parameters=60_506_624)
    assert parameters_of(described) == 60_506_624
