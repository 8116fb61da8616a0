"""Small tokenizers with the layout of published ones: pieces, prefix spaces, templates, ends."""

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers.trainers import BpeTrainer
from transformers import PreTrainedTokenizerFast

TEXTS = [
    "What is 12 + 7 ? The answer is 19 .",
    "A dog is an animal, and an answer is text.",
    "Janet has 3 eggs; she sells 2 of them. Final answer: 1",
] * 4

LLAMA_2 = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}"
    "{{ '[INST] ' + m['content'] + ' [/INST]' }}{% else %}"
    "{{ ' ' + m['content'] | trim + ' ' + eos_token }}{% endif %}{% endfor %}"
)
ZEPHYR = (
    "{% for m in messages %}{{ '<|' + m['role'] + '|>\n' + m['content'] + eos_token + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)
MISTRAL = (
    "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'user' %}"
    "{{ '[INST] ' + m['content'] + ' [/INST]' }}{% else %}"
    "{{ ' ' + m['content'] + eos_token }}{% endif %}{% endfor %}"
)
LLAMA_3 = (
    "{% for m in messages %}{% if loop.first %}{{ bos_token }}{% endif %}"
    "{{ '<|start_header_id|>' + m['role'] + '<|end_header_id|>\n\n' + m['content'] | trim"
    " + '<|eot_id|>' }}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
CHATML = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
QWEN_3 = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' }}{% if m['role'] != 'user' %}"
    "{{ '<think>\n\n</think>\n\n' }}{% endif %}{{ m['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
GEMMA = (
    "{{ bos_token }}{% for m in messages %}{{ '<start_of_turn>' + m['role'] + '\n' + m['content']"
    " | trim + '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}"
    "{{ '<start_of_turn>model\n' }}{% endif %}"
).replace("m['role'] +", "(m['role'] if m['role'] == 'user' else 'model') +")
LLAMA_3_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def sentencepiece_like(template: str, prefix: bool = True) -> PreTrainedTokenizerFast:
    """Llama-2's layout: a space before every text (`prefix`), bytes where no piece fits."""
    bytes_ = [f"<0x{number:02X}>" for number in range(256)]
    tokenizer = Tokenizer(
        models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True, ignore_merges=False)
    )
    spaces = normalizers.Replace(" ", "▁")
    first = [normalizers.Prepend("▁")] if prefix else []
    tokenizer.normalizer = normalizers.Sequence([*first, spaces])
    special = ["<unk>", "<s>", "</s>"]
    trainer = BpeTrainer(
        vocab_size=420, special_tokens=[*special, *bytes_], show_progress=False, min_frequency=2
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            *([decoders.Strip(" ", 1, 0)] if prefix else []),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        chat_template=template,
    )


def byte_level(template: str, ends: list[str], eos: str, bos: str | None):
    """Llama-3's and Qwen's layout: bytes and merges, numbers by threes, no token for padding."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(LLAMA_3_SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=420,
        special_tokens=ends,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    if bos:
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{bos} $A", special_tokens=[(bos, ends.index(bos))]
        )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=bos, eos_token=eos, chat_template=template
    )


def gemma_like() -> PreTrainedTokenizerFast:
    tokenizer = sentencepiece_like(GEMMA, prefix=False)
    turns = ["<start_of_turn>", "<end_of_turn>"]
    tokenizer.add_special_tokens({"additional_special_tokens": turns})
    tokenizer.pad_token = "<unk>"
    return tokenizer


HEADERS = ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
CHAT = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MAKERS = {
    "llama-2": lambda: sentencepiece_like(LLAMA_2),
    "zephyr": lambda: sentencepiece_like(ZEPHYR),
    "mistral": lambda: sentencepiece_like(MISTRAL),
    "llama-3": lambda: byte_level(
        LLAMA_3,
        ["<|begin_of_text|>", "<|end_of_text|>", *HEADERS],
        "<|end_of_text|>",
        "<|begin_of_text|>",
    ),
    "qwen-2": lambda: byte_level(CHATML, CHAT, "<|im_end|>", None),
    "qwen-3": lambda: byte_level(QWEN_3, CHAT, "<|im_end|>", None),
    "gemma": gemma_like,
}
ENDS = {
    "llama-2": "</s>",
    "zephyr": "</s>",
    "mistral": "</s>",
    "llama-3": "<|eot_id|>",
    "qwen-2": "<|im_end|>",
    "qwen-3": "<|im_end|>",
    "gemma": "<end_of_turn>",
}
