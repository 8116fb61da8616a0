"""What code means: a hash that changes when a stage's code can do something else.

It covers the given files and everything they import from the repository, over the syntax tree
without comments, docstrings, layout and positions, the data files that this code reads, and the
versions of the libraries that the stage names. Where the repository lies, when a file was
touched, how it is formatted and which Python reads it change nothing. So no code may use a
docstring as data.

Not seen: a module imported by a name that is computed at run time. Give it as a further root.
A module that reads data files names them: `DATA_FILES = ("template.jinja",)`, beside the module.
"""

import ast
import copy
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from itertools import groupby
from pathlib import Path
from typing import cast

from showhow.base.errors import ShowhowError
from showhow.base.hashing import content_hash
from showhow.base.own_files import PARTS, own_folder

SOURCES = Path(__file__).resolve().parents[2]
OWN_PARTS = {SOURCES.joinpath(*package.split(".")): part for package, part in PARTS.items()}
"""The part of the user's own folder that belongs to each of these folders."""


@dataclass(frozen=True)
class ImportStatement:
    """`from` so many dots and `module` `import names`; names are empty for `import module`."""

    level: int
    module: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Meaning:
    """What counts of a file."""

    digest: str
    definitions: dict[str, str]
    imports: tuple[ImportStatement, ...]
    data_files: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What fingerprints that are taken at one moment share, so that it is found out once.

    imported: the files that a file imports, by the file and the folder that its own imports start
    from. meanings: by the hash of a file's content; they may be those of an earlier moment.
    versions: of libraries.
    """

    imported: dict[tuple[Path, Path], list[Path]] = field(default_factory=dict)
    meanings: dict[str, Meaning] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fingerprint:
    """The hash of a stage's code, and what it was made of.

    parts: the hash of every file (relative to the sources) and the version of every library.
    definitions: by Python file, the hash of every function, method, class and constant in it.
    """

    digest: str
    parts: dict[str, str]
    definitions: dict[str, dict[str, str]]


def take_fingerprint(
    roots: list[Path], libraries: tuple[str, ...] = (), known: Known | None = None
) -> Fingerprint:
    """Hash the meaning of the root files with all they import, and the libraries' versions.

    What is found out on the way is added to `known`. Raises ShowhowError for a file that is not
    Python, a missing data file and a library that is not installed.
    """
    known = known or Known()
    definitions: dict[str, dict[str, str]] = {}
    for library in libraries:
        if library not in known.versions:
            known.versions[library] = _version(library)
    parts = {f"library {library}": known.versions[library] for library in libraries}
    seen: set[Path] = set()
    waiting = [(root, _sources_of(root)) for root in map(Path.resolve, roots)]
    while waiting:
        file, sources = waiting.pop()
        if file in seen:
            continue
        seen.add(file)
        meaning = _read(file, known.meanings)
        name = _name(file, sources)
        # The user's own files of several kinds may have one name.
        name = f"{file.parent.name}/{name}" if name in parts else name
        parts[name] = meaning.digest
        definitions[name] = meaning.definitions
        for data_file in meaning.data_files:
            beside = file.parent / data_file
            parts[_name(beside, sources)] = _hash_data(beside, file)
        if (file, sources) not in known.imported:
            known.imported[file, sources] = list(_imported(meaning, file, sources))
        waiting += [(found, sources) for found in known.imported[file, sources]]
    return Fingerprint(_hash(json.dumps(parts, sort_keys=True)), parts, definitions)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _sources_of(file: Path) -> Path:
    """Find the folder that a file's own imports start from: above its outermost package."""
    if file.is_relative_to(SOURCES):
        return SOURCES
    folder = file.parent
    while (folder / "__init__.py").is_file():
        folder = folder.parent
    return folder


def _name(file: Path, sources: Path) -> str:
    """Name a file in a way that does not depend on where the repository lies."""
    for folder in (sources, SOURCES):
        if file.is_relative_to(folder):
            return file.relative_to(folder).as_posix()
    return file.name


def _version(library: str) -> str:
    """Give a library's version, the same for its builds for different hardware (2.13.0+cpu)."""
    try:
        return metadata.version(library).partition("+")[0]
    except metadata.PackageNotFoundError as problem:
        raise ShowhowError(
            f"The library {library} is not installed here, so nobody can say whether results "
            "made with it are up to date. Install it with: "
            "python -m pip install -r envs/requirements.txt -c envs/constraints.txt"
        ) from problem


def _hash_data(data_file: Path, module: Path) -> str:
    if not data_file.is_file():
        raise ShowhowError(
            f"{module} names {data_file.name} in DATA_FILES, but there is no {data_file}. "
            "Put the file there, or take its name out of DATA_FILES."
        )
    return content_hash(data_file)


def _read(file: Path, meanings: dict[str, Meaning]) -> Meaning:
    try:
        content = file.read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        if digest not in meanings:
            meanings[digest] = _meaning(content)
        return meanings[digest]
    except FileNotFoundError as problem:
        raise ShowhowError(f"There is no file {file} to take a fingerprint of.") from problem
    except SyntaxError as problem:
        raise ShowhowError(
            f"{file}, line {problem.lineno}, is not Python: {problem.msg}."
        ) from problem


def _meaning(content: bytes) -> Meaning:
    tree = _OnlyMeaning().visit(ast.parse(content))
    written: dict[str, list[str]] = {}
    ordered = []
    for name, node in _definitions(tree.body):
        text = _written(node)
        ordered.append((name, text))
        written.setdefault(name, []).append(text)
    definitions = {name: _hash("\n".join(texts))[:16] for name, texts in written.items()}
    digest = _hash(json.dumps(ordered))
    return Meaning(digest, definitions, tuple(_imports(tree)), _data_files(tree))


def _written(node: object) -> str:
    """Write a syntax tree as ast.dump does, but alike in every version of Python.

    A version adds fields that are empty in most code, writes empty ones or leaves them out, and
    knows other characters to print: so nothing empty is written, and text in ASCII.
    """
    if isinstance(node, list):
        return f"[{', '.join(map(_written, node))}]"
    if not isinstance(node, ast.AST):
        return ascii(node)
    fields = ((name, getattr(node, name, None)) for name in node._fields)
    told = (f"{name}={_written(value)}" for name, value in fields if value not in (None, []))
    return f"{type(node).__name__}({', '.join(told)})"


def _definitions(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.AST]]:
    """Name the parts of a module or a class as its readers do."""
    for node in body:
        match node:
            case ast.ClassDef():
                header = copy.copy(node)
                header.body = []
                yield within + node.name, header
                yield from _definitions(node.body, f"{within}{node.name}.")
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield within + node.name, node
            case ast.Assign(targets=[ast.Name(name), *_]) | ast.AnnAssign(target=ast.Name(name)):
                yield within + name, node
            case ast.Import() | ast.ImportFrom():
                yield within + "imports", node
            case _:
                yield within + "statements", node


class _OnlyMeaning(ast.NodeTransformer):
    """Takes out what never does anything: bare strings, and blocks for type checkers."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        bare = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if bare else self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        return node.orelse if ast.unparse(node.test).endswith("TYPE_CHECKING") else node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        node.kind = None
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        """Join the text between two values: versions cut it, and add empty ends, differently."""
        self.generic_visit(node)
        node.values = list(_joined(node.values))
        return node

    def visit_Pass(self, node: ast.Pass) -> None:
        return None


def _joined(values: Iterable[ast.expr]) -> Iterator[ast.expr]:
    """Put the pieces of text that stand beside each other together, and leave out empty ones."""
    for is_text, pieces in groupby(values, lambda piece: isinstance(piece, ast.Constant)):
        if not is_text:
            yield from pieces
        elif text := "".join(str(cast(ast.Constant, piece).value) for piece in pieces):
            yield ast.Constant(text)


def _imports(tree: ast.AST) -> Iterator[ImportStatement]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield ImportStatement(0, alias.name, ())
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            yield ImportStatement(node.level, node.module or "", names)


def _data_files(tree: ast.Module) -> tuple[str, ...]:
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name) and target.id == "DATA_FILES":
                return tuple(ast.literal_eval(node.value))
    return ()


def _imported(meaning: Meaning, file: Path, sources: Path) -> Iterator[Path]:
    """Find the files of the repository that a file's import statements run."""
    own = own_folder().resolve()
    has_own = own.is_dir()
    for statement in meaning.imports:
        steps = Path(*statement.module.split(".")) if statement.module else Path()
        if statement.level:
            starts = [file.parents[statement.level - 1]]
        else:
            starts = list(dict.fromkeys((sources, SOURCES)))
        for start in starts:
            targets = [start / steps, *(start / steps / name for name in statement.names)]
            if has_own:
                targets += [twin for target in targets for twin in _own_twin(target, own)]
            found = [module for target in targets for module in _module_files(target)]
            if found:
                yield from found
                yield from _packages_above(start / steps, sources)
                break


def _own_twin(target: Path, own: Path) -> Iterator[Path]:
    """Give the place in the user's own folder of what would lie at `target` in a package."""
    for folder, part in OWN_PARTS.items():
        if folder != target and target.is_relative_to(folder):
            yield own / part / target.relative_to(folder)


def _module_files(target: Path) -> list[Path]:
    """Give the file of the module or package that would lie at `target`, if there is one."""
    files = (target.with_name(target.name + ".py"), target / "__init__.py")
    return [file for file in files if file.is_file()]


def _packages_above(folder: Path, sources: Path) -> Iterator[Path]:
    """Importing a module runs the `__init__.py` of every package around it."""
    for package in folder.parents:
        if package in (sources, SOURCES):
            return
        if (package / "__init__.py").is_file():
            yield package / "__init__.py"
