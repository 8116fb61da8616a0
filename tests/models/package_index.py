"""A package index on this machine, which pip asks as it asks any other."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZipFile


def wheel(folder: Path, package: str, version: str, files: dict[str, bytes]) -> Path:
    """Write a wheel with these files; its code must never run."""
    name = package.replace("-", "_")
    about = f"{name}-{version}.dist-info"
    described = f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n"
    described += "Requires-Python: >=99\nRequires-Dist: something-that-is-not-wanted\n"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        archive.writestr(f"{name}/__init__.py", "raise SystemExit('code of the package ran')")
        archive.writestr(f"{about}/METADATA", described)
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
        for file, content in files.items():
            archive.writestr(file, content)
    return path


@contextmanager
def index_of(folder: Path) -> Iterator[dict[str, str]]:
    """Serve the wheels in a folder; gives the environment in which pip asks this index alone."""

    class Index(BaseHTTPRequestHandler):
        def do_GET(self):
            kind, _, name = self.path.strip("/").partition("/")
            wheels = list(folder.glob("*.whl"))
            if kind == "simple":
                there = [
                    file for file in wheels if file.name.startswith(name.replace("-", "_") + "-")
                ]
                links = "".join(
                    f'<a href="/files/{file.name}#sha256={sha256(file)}">{file.name}</a>'
                    for file in there
                )
                self.answer(f"<html><body>{links}</body></html>".encode() if there else None)
            else:
                self.answer((folder / name).read_bytes())

        def answer(self, content):
            if content is None:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words):
            pass

    def sha256(file):
        return hashlib.sha256(file.read_bytes()).hexdigest()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield asking(f"http://127.0.0.1:{server.server_port}/simple")
    server.shutdown()
    server.server_close()


def asking(index: str) -> dict[str, str]:
    """Give the environment in which pip knows one index, and nothing else of this machine's."""
    return {"PIP_INDEX_URL": index, "PIP_CONFIG_FILE": "/dev/null", "PIP_NO_CACHE_DIR": "1"}
