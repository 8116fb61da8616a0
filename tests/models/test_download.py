"""The download, against a server on this machine that answers as the hub does."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from showhow.models.loading import load_base
from small_models import foreign_t5_folder

REPOSITORY = Path(__file__).parents[2]
COMMIT = "0123456789abcdef0123456789abcdef01234567"
MODEL = "someone/t5-of-theirs"


@contextmanager
def hub_with(folder: Path):
    """Serve a folder as the model's branch `main`, and give the hub's address."""

    class Hub(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.answer(with_content=False)

        def do_GET(self):
            self.answer(with_content=True)

        def answer(self, with_content):
            path = self.path.partition("?")[0]
            file = folder / path.rpartition("/")[2]
            if path == f"/api/models/{MODEL}/revision/main":
                content = json.dumps({"id": MODEL, "sha": COMMIT}).encode()
            elif path == f"/api/models/{MODEL}/tree/{COMMIT}":
                content = json.dumps([entry(file) for file in folder.iterdir()]).encode()
            elif path.startswith(f"/{MODEL}/resolve/{COMMIT}/") and file.is_file():
                content = file.read_bytes()
            else:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("ETag", f'"{hashlib.sha1(content).hexdigest()}"')
            self.end_headers()
            if with_content:
                self.wfile.write(content)

        def log_message(self, *words):
            pass

    def entry(file):
        oid = hashlib.sha1(file.read_bytes()).hexdigest()
        return {"type": "file", "path": file.name, "size": file.stat().st_size, "oid": oid}

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def download(hub: str, output: Path, revision: str = "main", offline: str = "0"):
    told = json.dumps({"id": MODEL, "revision": revision})
    options = ("--options", told, "--output", output)
    return subprocess.run(
        [sys.executable, REPOSITORY / "workflow_scripts/run.py", "download", *map(str, options)],
        env=os.environ
        | {"HF_ENDPOINT": hub, "HF_HUB_OFFLINE": offline, "HF_HOME": str(output.parent)},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def theirs(tmp_path):
    """A T5 with safetensors, beside the same in pickle and code that must never come here."""
    folder = foreign_t5_folder(tmp_path / "theirs")
    (folder / "pytorch_model.bin").write_bytes(b"a pickle")
    (folder / "modeling_theirs.py").write_text("raise SystemExit('code of the hub ran')")
    return folder


def test_weights_and_tokenizer_come_but_no_pickle_and_no_code(theirs, tmp_path):
    with hub_with(theirs) as hub:
        done = download(hub, tmp_path / "fetched")
    assert done.returncode == 0, done.stderr
    fetched = {file.name for file in (tmp_path / "fetched").iterdir()}
    assert {"model.safetensors", "config.json", "tokenizer.json"} <= fetched
    assert not fetched & {"pytorch_model.bin", "modeling_theirs.py", ".cache"}
    assert load_base(tmp_path / "fetched").encoder_decoder


def test_a_chat_template_in_a_file_of_its_own_comes_too(theirs, tmp_path):
    """There transformers keeps it; without it a chat's prompts would be plain texts."""
    (theirs / "chat_template.jinja").write_text("{{ messages[0]['content'] }}")
    with hub_with(theirs) as hub:
        done = download(hub, tmp_path / "fetched")
    assert done.returncode == 0, done.stderr
    assert load_base(tmp_path / "fetched").tokenizer.chat_template == "{{ messages[0]['content'] }}"


def test_the_commit_behind_a_branch_is_recorded_so_that_it_can_be_pinned(theirs, tmp_path):
    with hub_with(theirs) as hub:
        download(hub, tmp_path / "branch")
        download(hub, tmp_path / "pinned", COMMIT)
    source = json.loads((tmp_path / "branch/source.json").read_text())
    assert source == {"id": MODEL, "revision": "main", "commit": COMMIT}
    assert json.loads((tmp_path / "pinned/source.json").read_text())["commit"] == COMMIT


def test_a_model_without_safetensors_is_refused(theirs, tmp_path):
    (theirs / "model.safetensors").unlink()
    with hub_with(theirs) as hub:
        done = download(hub, tmp_path / "fetched")
    assert done.returncode == 1
    assert "has no weights in safetensors at revision main" in done.stderr
    assert not (tmp_path / "fetched").exists()


def test_without_a_network_it_says_which_command_fetches_the_model_and_where(tmp_path):
    done = download("http://127.0.0.1:9", tmp_path / "fetched")
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert "on a machine that reaches the hub" in said
    assert f"snakemake --cores 2 --force {tmp_path}/fetched" in said
    assert "Traceback" not in said
