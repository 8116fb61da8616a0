"""Where programs stand in what people and models write, and the tests that they have to pass."""

import json

import pytest

from showhow.answers.forms import AnswerForm
from showhow.base.errors import ShowhowError
from showhow.evaluation.scoring import Answer, score_split
from showhow.responses.response import Response
from showhow.tasks.problem import Problem

FORM = AnswerForm(kind="program")
CODE = "def f(x):\n    return x + 1"
TEXTS = {
    "alone": CODE,
    "behind the marker": f"Final Answer:\n{CODE}",
    "on the marker's line": f"Final Answer:{CODE}",
    "behind the last marker": f"Final Answer:def g(:\n\nFinal Answer:\n{CODE}",
    "behind another marker": f"It adds one.\n\nFINAL_ANSWER:\n{CODE}",
    "in a fence": f"Final Answer:\n\n```python\n{CODE}\n```",
    "in a fence without a language": f"So:\n```\n{CODE}\n```\nThat is it.",
    "in the last of two fences": f"```python\nf(1)\n```\nor\n```python\n{CODE}\n```",
    "in a fence that was not closed": f"```python\n{CODE}",
    "before a marker that nothing follows": f"```python\n{CODE}\n```\nFinal Answer: as above.",
    "among prose": f"Let us add one.\n\n{CODE}\n\nIt's easy, isn't it?\nYes.",
    "with Windows' line ends": CODE.replace("\n", "\r\n"),
    "behind imports and names": f"Here it is:\nimport math\nONE = 1\n{CODE}",
    "with its own tests": f"{CODE}\n\nExample usage:\nprint(f(1)) # Output: 2",
    "with the marker as a comment in it": (
        "Final Answer:from operator import add\n\ndef g(x):\n    return x\n\n"
        "# Final Answer:\ndef f(x):\n    return add(x, 1)"
    ),
    "in a fence with the marker as a comment": (
        "```python\nfrom operator import add\n# Final Answer:\ndef f(x):\n    return add(x, 1)\n```"
    ),
    "behind the marker as a heading": f"Final Answer: see below.\n\n# Final Answer:\n\n{CODE}",
    "indented as a whole": "\n    def f(x):\n        return x + 1",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_program_is_found_and_passes(text):
    read = FORM.read(text)
    assert read is not None
    assert FORM.is_right(read, ["assert f(1) == 2"])
    assert not FORM.is_right(read, ["assert f(1) == 3"])


@pytest.mark.parametrize("text", ["", "I do not know.", "Final Answer: 18", "Final Answer:\n"])
def test_a_text_without_a_program_is_no_answer(text):
    assert FORM.read(text) is None


def test_what_is_wrong_inside_a_program_is_not_left_out():
    read = FORM.read("def f(x):\n    return x + 1\n    this is no Python\n")
    assert read is not None and not FORM.is_right(read, ["assert f(1) == 2"])


HUMAN_EVAL = json.dumps(
    {
        "prompt": 'def one():\n    return 1\n\n\ndef f(x: int) -> int:\n    """ Add one. """\n',
        "test": "def check(candidate):\n    assert candidate(1) == 2\n",
        "entry_point": "f",
    }
)


@pytest.mark.parametrize(
    "text",
    [
        "    return x + one()",
        "Final Answer:\n    y = one()\n\n    return x + y\n",
        "Final Answer:\ndef f(x):\n    return x + one()",
        "Final Answer:\n    def f(x):\n        return x + one()",
        "Final Answer:\n    return two(x)\n\ndef two(x):\n    return x + 1",
        "    return x\n\ndef f(x):\n    return x + 1",
        "Final Answer:\n  # one more\n  if x:\n      x += 1\n  return x",
        "Final Answer:\n x += one()\n return x\n\nprint(f(1))",
        "\treturn x + 1",
        "```python\n    return x + 1\n```",
        "```python\ndef g(x):\n    return x + 1\n\ndef f(x):\n    return g(x)\n```",
    ],
)
def test_an_answer_goes_on_from_the_prompt_or_is_the_whole_function(text):
    read = FORM.read(text)
    assert read is not None
    assert FORM.is_right(read, [HUMAN_EVAL])
    assert not FORM.is_right(read.replace("x", "x - 1", 1), ["assert False"])


@pytest.mark.parametrize(
    "tests",
    [
        "assert f(1) == 2",
        '["assert f(1) == 2", "assert f(2) == 3"]',
        "['assert f(1) == 2', \"assert f(2) == 3\"]",
        '{"test_setup_code": "one = f(0)", "test_list": ["assert f(one) == 2"]}',
        '{"test_imports": ["import math"], "test_list": ["assert f(1) == math.sqrt(4)"]}',
    ],
)
def test_tests_are_python_or_as_the_data_sets_have_them(tests):
    assert FORM.read_right(tests) == tests
    assert FORM.is_right(CODE, [tests])
    assert not FORM.is_right("def f(x):\n    return x - 1", [tests])


def test_there_is_no_answer_without_tests():
    assert FORM.read_right("") is None
    for nothing in ("[]", '[""]', '{"prompt": "def f(x):"}', '{"answers": ["1"]}', "[1, 2", "[1]"):
        with pytest.raises(ShowhowError, match="tests"):
            FORM.read_right(nothing)


def test_a_split_of_programs_is_scored():
    texts = [CODE, "def f(x):\n    return x", "I do not know.", CODE, "import os\nos._exit(0)"]
    problems = [
        Problem(f"test-{n}", "test", "Add one.", "assert f(1) == 2", (), {"length": 2}, "")
        for n in range(len(texts))
    ]
    responses = [Response(p.id, p.prompt, CODE, p.answer, (), "last") for p in problems]
    answers = [
        Answer(p.id, text, p.id == "test-3") for p, text in zip(problems, texts, strict=True)
    ]
    items = score_split("test", problems, responses, answers, FORM)
    assert [item.outcome for item in items] == [
        *("correct", "wrong_answer", "unparseable", "truncated", "wrong_answer")
    ]
    assert [item.correct for item in items] == [True, False, False, False, False]
