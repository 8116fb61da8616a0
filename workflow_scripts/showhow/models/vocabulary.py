"""The words that every model of the ladder knows."""

from pathlib import Path

from showhow.tasks.knowledge.names import words as words_of_facts

DATA_FILES = ("vocabulary.txt",)
SPECIAL_TOKENS = ("<pad>", "<end>", "<unknown>", "<answer>")
PRINTABLE = [chr(code) for code in range(ord("!"), ord("~") + 1)]


def ladder_vocabulary() -> dict[str, int]:
    """Give each token its index: special tokens, characters, numbers below 100, whole words."""
    words = Path(__file__).with_name("vocabulary.txt").read_text(encoding="utf-8").split()
    numbers = [str(number) for number in range(100)]
    pieces = PRINTABLE + ["##" + character for character in PRINTABLE]
    tokens = [*SPECIAL_TOKENS, *pieces, *numbers, *words]
    return {token: index for index, token in enumerate(dict.fromkeys(tokens))}


def facts_vocabulary() -> dict[str, int]:
    """Give each token its index: special tokens, and the words of facts and nothing else."""
    return {token: index for index, token in enumerate([*SPECIAL_TOKENS, *words_of_facts()])}


def vocabulary_size(tokenizer: str) -> int:
    """Count the tokens of a ladder tokenizer: of words, of bytes, or of the words of facts."""
    if tokenizer == "bytes":
        return len(SPECIAL_TOKENS) + 256
    return len(facts_vocabulary() if tokenizer == "facts" else ladder_vocabulary())
