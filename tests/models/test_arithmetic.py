"""The arithmetic of a model against what torch counts while a real one runs."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    GPT2Config,
    LlamaConfig,
    T5Config,
)

from showhow.models import arithmetic
from showhow.models.arithmetic import Text
from showhow.models.ladder import new_model
from showhow.models.shapes import shape_in, shape_of, usual_shape
from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.base_models import HubModel, LadderModel
from showhow.recipes.training import OptimisationRecipe

TEXT, ROWS = Text(prompt=24, response=16), 3
T5_SIZES = {
    60_506_624: T5Config(
        vocab_size=32128, d_model=512, d_kv=64, d_ff=2048, num_layers=6, num_heads=8
    ),
    222_903_552: T5Config(
        vocab_size=32128, d_model=768, d_kv=64, d_ff=3072, num_layers=12, num_heads=12
    ),
    737_668_096: T5Config(
        vocab_size=32128, d_model=1024, d_kv=64, d_ff=4096, num_layers=24, num_heads=16
    ),
    2_851_598_336: T5Config(
        vocab_size=32128, d_model=1024, d_kv=128, d_ff=16384, num_layers=24, num_heads=32
    ),
}


def configurations():
    sizes = {"vocab_size": 110, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    t5 = {**sizes, "decoder_start_token_id": 0, "d_model": 96, "d_kv": 12, "num_heads": 4}
    t5 |= {"d_ff": 160, "num_layers": 2, "dropout_rate": 0.0}
    llama = {**sizes, "hidden_size": 96, "intermediate_size": 160, "num_hidden_layers": 3}
    llama |= {"num_attention_heads": 4, "num_key_value_heads": 2}
    gpt2 = {"n_embd": 96, "n_layer": 2, "n_head": 4, "n_positions": 128}
    gpt2 |= dict.fromkeys(("attn_pdrop", "embd_pdrop", "resid_pdrop"), 0.0)
    return {
        "t5": T5Config(**t5),
        "t5-gated": T5Config(**t5, feed_forward_proj="gated-gelu"),
        "llama": LlamaConfig(**llama),
        "gpt2": GPT2Config(**sizes, **gpt2, activation_function="gelu"),
    }


def model_of(config, attention="eager"):
    """Eager attention is a product of matrices, which torch counts on every machine."""
    torch.manual_seed(0)
    kind = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    return kind.from_config(config, attn_implementation=attention)


def loss_of(model):
    """The loss on a batch of ROWS examples of TEXT, as training computes it."""
    prompt, response = (torch.randint(3, 99, (ROWS, n)) for n in (TEXT.prompt, TEXT.response))
    if model.config.is_encoder_decoder:
        return model(input_ids=prompt, labels=response).loss
    ids = torch.cat([prompt, response], dim=1)
    return model(input_ids=ids, labels=ids).loss


@pytest.fixture(params=configurations())
def model(request):
    return model_of(configurations()[request.param])


def test_a_shape_holds_all_weights_but_norms_biases_and_look_ups(model):
    shape = shape_in(model.config.to_dict())
    matrices = [
        parameter.numel()
        for name, parameter in model.named_parameters()
        if parameter.ndim == 2 and not any(part in name for part in ("embed", "wpe", "relative"))
        if not name.startswith(("shared", "transformer.wte", "lm_head"))
    ]
    assert shape.encoder + shape.decoder == sum(matrices)


def test_forward_and_training_operations_are_those_that_torch_counts(model):
    shape = shape_in(model.config.to_dict())
    with FlopCounterMode(display=False) as counted:
        loss = loss_of(model)
    forward = counted.get_total_flops()
    assert ROWS * arithmetic.forward_operations(shape, TEXT) == forward
    with FlopCounterMode(display=False) as counted:
        loss.backward()
    expected = ROWS * arithmetic.training_operations(shape, TEXT, gradient_checkpointing=False)
    assert expected == forward + counted.get_total_flops()


def test_gradient_checkpointing_costs_another_forward_pass_of_the_layers(model):
    model.activation_checkpointing_enable()
    model.train()
    shape = shape_in(model.config.to_dict())
    with FlopCounterMode(display=False) as counted:
        loss_of(model).backward()
    expected = ROWS * arithmetic.training_operations(shape, TEXT, gradient_checkpointing=True)
    assert expected == pytest.approx(counted.get_total_flops(), rel=0.1)


@torch.inference_mode()
def test_generation_operations_are_those_that_torch_counts(model):
    model.eval()
    new = TEXT.response
    prompt = torch.randint(3, 99, (ROWS, TEXT.prompt))
    with FlopCounterMode(display=False) as counted:
        model.generate(prompt, max_new_tokens=new, min_new_tokens=new, do_sample=False)
    shape = shape_in(model.config.to_dict())
    expected = ROWS * arithmetic.generation_operations(shape, TEXT)
    assert expected == pytest.approx(counted.get_total_flops(), rel=0.1)


def bytes_kept_for_the_backward_pass(model):
    """Add up what autograd keeps of one forward pass beside the weights; no dropout's masks."""
    weights = {parameter.untyped_storage().data_ptr() for parameter in model.parameters()}
    kept = {}

    def keep(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = tensor, storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss_of(model)
    return sum(size for _, size in kept.values())


@pytest.mark.parametrize("name", configurations())
def test_activations_are_about_what_autograd_keeps(name):
    config = configurations()[name]
    shape = shape_in(config.to_dict())
    whole = bytes_kept_for_the_backward_pass(model_of(config, "sdpa").train())
    expected = ROWS * arithmetic.activation_bytes(shape, TEXT, False, bf16=False)
    assert expected == pytest.approx(whole, rel=0.4)
    model = model_of(config, "sdpa").train()
    model.activation_checkpointing_enable()
    saved = whole - bytes_kept_for_the_backward_pass(model)
    with_checkpointing = ROWS * arithmetic.activation_bytes(shape, TEXT, True, bf16=False)
    assert 0 < expected - with_checkpointing < saved


@pytest.mark.parametrize("family", ["decoder", "t5"])
def test_a_ladder_models_shape_is_that_of_the_model_made_of_it(family, tmp_path):
    described = LadderModel(kind="ladder", family=family, hidden=32, layers=2, heads=2)
    model = new_model(described, ladder_tokenizer(), seed=0)
    assert shape_of(described, tmp_path) == shape_in(model.config.to_dict())


def test_a_model_that_is_here_says_its_own_shape(tmp_path):
    config = configurations()["t5"]
    config.save_pretrained(tmp_path)
    described = HubModel(kind="hub", id="someone/their-t5", parameters=10**9)
    assert shape_of(described, tmp_path) == shape_in(config.to_dict())
    assert shape_of(HubModel(kind="hub", id="someone/their-t5"), tmp_path / "none") is None


@pytest.mark.parametrize("parameters", T5_SIZES)
def test_the_published_sizes_of_t5_are_guessed_from_their_parameters(parameters):
    with torch.device("meta"):
        assert model_of(T5_SIZES[parameters]).num_parameters() == parameters
    exact, guessed = shape_in(T5_SIZES[parameters].to_dict()), usual_shape("t5", parameters)
    assert guessed.encoder + guessed.decoder + guessed.head == pytest.approx(parameters)
    text = Text(100, 200)
    operations = [arithmetic.training_operations(shape, text, False) for shape in (exact, guessed)]
    assert operations[1] == pytest.approx(operations[0], rel=0.1)
    recipe = OptimisationRecipe(optimizer="adafactor", micro_batch_size=8)
    memory = [
        arithmetic.training_memory(shape, parameters, recipe, text, bf16=True)
        for shape in (exact, guessed)
    ]
    assert memory[1] == pytest.approx(memory[0], rel=0.25)
