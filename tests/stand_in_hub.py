"""The part of the Hub's HTTP interface that is needed for sharing models and for reading data sets, on loopback.

Repositories are in memory; one of data is called `datasets/USER/NAME`.

Statuses and headers are those that the Hub answers with, as the errors of its client expect them.
"""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
import yaml

Files = dict[str, bytes]
_REPO = r"(?P<repo>[^/]+/[^/]+)"


@dataclass
class Repository:
    private: bool
    commits: dict[str, Files] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)

    def commit(self, branch: str, files: Files) -> str:
        content = json.dumps([branch, len(self.commits), sorted(files)]).encode()
        sha = hashlib.sha1(content).hexdigest()
        self.commits[sha], self.branches[branch] = files, sha
        return sha

    def sha(self, revision: str) -> str | None:
        return revision if revision in self.commits else self.branches.get(revision)


@dataclass
class Hub:
    """Repositories by name, tokens by their users, large files by their SHA-256, and what was asked."""

    address: str = ""
    repositories: dict[str, Repository] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=lambda: {"hf_ada": "ada", "hf_eve": "eve"})
    large: dict[str, bytes] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    broken: str | None = None
    """Requests whose path holds this are answered with status 500."""

    def files(self, repo: str, revision: str = "main") -> Files:
        found = self.repositories[repo]
        return found.commits[found.branches[revision]]


class RefusedError(Exception):
    def __init__(self, status: int, code: str = "", message: str = "") -> None:
        self.status, self.code, self.message = status, code, message


class Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._answer("GET")

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def _answer(self, method: str) -> None:
        path = urlsplit(self.path).path
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.hub.requests.append(f"{method} {path}")
        headers: dict[str, str] = {}
        try:
            if self.hub.broken and self.hub.broken in path:
                raise RefusedError(500, message="the disk is on fire")
            status, content, headers = self._route(method, path)
        except RefusedError as refused:
            status, content = refused.status, json.dumps({"error": refused.message}).encode()
            headers = {"X-Error-Code": refused.code, "X-Error-Message": refused.message}
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        if method != "HEAD":
            self.wfile.write(content)

    def _route(self, method: str, path: str) -> tuple[int, bytes, dict[str, str]]:
        for verb, pattern, handle in ROUTES:
            if method in verb.split() and (match := re.fullmatch(pattern, path)):
                found = handle(self, **{name: unquote(value) for name, value in match.groupdict(default="").items()})
                return found if isinstance(found, tuple) else (200, json.dumps(found).encode(), {})
        raise RefusedError(404, message=f"no such page: {method} {path}")

    @property
    def user(self) -> str | None:
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        if token and token not in self.hub.tokens:
            raise RefusedError(401, message="Invalid credentials in Authorization header")
        return self.hub.tokens.get(token)

    def repository(self, repo: str, *, writing: bool = False) -> Repository:
        found, user = self.hub.repositories.get(repo), self.user
        owner = repo.split("/")[0]
        if found is None or (found.private and user != owner):
            raise RefusedError(404 if user else 401, "RepoNotFound", "Repository not found")
        if writing and user != owner:
            raise RefusedError(403, message="you may not write here")
        return found

    def revision(self, repo: str, revision: str, *, writing: bool = False) -> tuple[Repository, str]:
        found = self.repository(repo, writing=writing)
        if (sha := found.sha(revision)) is None:
            raise RefusedError(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return found, sha

    def create(self) -> Any:
        asked = json.loads(self.body)
        repo = f"{asked['organization'] or self.user}/{asked['name']}"
        if self.user is None:
            raise RefusedError(401, message="Invalid username or password.")
        if repo.split("/")[0] != self.user:
            raise RefusedError(403, message="You don't have the rights to create a model under this namespace")
        if repo in self.hub.repositories:
            return 409, json.dumps({"url": f"{self.hub.address}/{repo}", "error": "exists"}).encode(), {}
        made = self.hub.repositories[repo] = Repository(asked.get("visibility") == "private")
        made.commit("main", {".gitattributes": b"*.safetensors filter=lfs\n"})
        return {"url": f"{self.hub.address}/{repo}"}

    def validate(self) -> Any:
        head = json.loads(self.body)["content"].split("---\n")[1]
        if not isinstance(yaml.safe_load(head), dict):
            raise RefusedError(400, message="no metadata")
        return {"errors": [], "warnings": []}

    def info(self, repo: str, revision: str = "main") -> Any:
        found, sha = self.revision(repo, revision)
        siblings = [{"rfilename": path} for path in found.commits[sha]]
        return {"id": repo, "modelId": repo, "sha": sha, "private": found.private, "siblings": siblings, "tags": []}

    def tree(self, repo: str, revision: str) -> Any:
        found, sha = self.revision(repo, revision)
        return [
            {"type": "file", "path": path, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}
            for path, content in found.commits[sha].items()
        ]

    def folder(self, repo: str, revision: str, path: str = "") -> Any:
        found, sha = self.revision(f"datasets/{repo}", revision)
        inside = path.strip("/") and path.strip("/") + "/"
        below = {name.removeprefix(inside): name for name in found.commits[sha] if name.startswith(inside)}
        if inside and not below:
            raise RefusedError(404, "EntryNotFound", "Entry not found")
        if parse_qs(urlsplit(self.path).query).get("recursive", ["false"])[0].lower() != "true":
            below = {rest.split("/")[0]: inside + rest.split("/")[0] for rest in below}
        return [self.entry(found.commits[sha], name) for name in below.values()]

    def entries(self, repo: str, revision: str) -> Any:
        found, sha = self.revision(f"datasets/{repo}", revision)
        asked = parse_qs(self.body.decode())["paths"] if b"paths=" in self.body else json.loads(self.body)["paths"]
        known = {*found.commits[sha], *(name.split("/")[0] for name in found.commits[sha])}
        return [self.entry(found.commits[sha], path) for path in asked if path in known]

    def entry(self, files: Files, path: str) -> Any:
        if path not in files:
            return {"type": "directory", "path": path, "oid": hashlib.sha1(path.encode()).hexdigest()}
        content = files[path]
        return {"type": "file", "path": path, "size": len(content), "oid": hashlib.sha1(content).hexdigest()}

    def dataset(self, repo: str, revision: str = "main") -> Any:
        return self.info(f"datasets/{repo}", revision)

    def dataset_file(self, repo: str, revision: str, path: str) -> Any:
        return self.resolve(f"datasets/{repo}", revision, path)

    def preupload(self, repo: str, revision: str) -> Any:
        self.revision(repo, revision, writing=True)
        paths = [file["path"] for file in json.loads(self.body)["files"]]
        modes = {path: "lfs" if path.endswith(".safetensors") else "regular" for path in paths}
        return {"files": [{"path": path, "uploadMode": modes[path], "shouldIgnore": False} for path in paths]}

    def batch(self, repo: str) -> Any:
        self.repository(repo, writing=True)
        objects = json.loads(self.body)["objects"]
        return {
            "objects": [o | {"actions": {"upload": {"href": f"{self.hub.address}/lfs/{o['oid']}"}}} for o in objects]
        }

    def put_large(self, oid: str) -> Any:
        if hashlib.sha256(self.body).hexdigest() != oid:
            raise RefusedError(400, message="not what was announced")
        self.hub.large[oid] = self.body
        return {}

    def commit(self, repo: str, revision: str) -> Any:
        found, sha = self.revision(repo, revision, writing=True)
        files = dict(found.commits[sha])
        for operation in map(json.loads, self.body.splitlines()):
            value = operation["value"]
            if operation["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            elif operation["key"] == "lfsFile":
                files[value["path"]] = self.hub.large[value["oid"]]
            elif operation["key"] == "deletedFile":
                del files[value["path"]]
        new = found.commit(revision, files)
        return {"commitUrl": f"{self.hub.address}/{repo}/commit/{new}", "commitOid": new}

    def branch(self, repo: str, revision: str) -> Any:
        found = self.repository(repo, writing=True)
        if revision in found.branches:
            raise RefusedError(409, message="Reference already exists")
        found.branches[revision] = found.branches["main"]
        return {}

    def resolve(self, repo: str, revision: str, path: str) -> Any:
        found, sha = self.revision(repo, revision)
        if path not in found.commits[sha]:
            raise RefusedError(404, "EntryNotFound", "Entry not found")
        content = found.commits[sha][path]
        headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', "X-Repo-Commit": sha}
        return 200, content, headers


ROUTES = [
    ("POST", "/api/repos/create", Handler.create),
    ("POST", "/api/validate-yaml", Handler.validate),
    ("GET", f"/api/models/{_REPO}", Handler.info),
    ("GET", f"/api/models/{_REPO}/revision/(?P<revision>[^/]+)", Handler.info),
    ("GET", f"/api/models/{_REPO}/tree/(?P<revision>[^/]+)", Handler.tree),
    ("GET", f"/api/datasets/{_REPO}", Handler.dataset),
    ("GET", f"/api/datasets/{_REPO}/revision/(?P<revision>[^/]+)", Handler.dataset),
    ("GET", f"/api/datasets/{_REPO}/tree/(?P<revision>[^/]+)(?P<path>/.*)?", Handler.folder),
    ("POST", f"/api/datasets/{_REPO}/paths-info/(?P<revision>[^/]+)", Handler.entries),
    ("GET HEAD", f"/datasets/{_REPO}/resolve/(?P<revision>[^/]+)/(?P<path>.+)", Handler.dataset_file),
    ("POST", f"/api/models/{_REPO}/preupload/(?P<revision>[^/]+)", Handler.preupload),
    ("POST", f"/api/models/{_REPO}/commit/(?P<revision>[^/]+)", Handler.commit),
    ("POST", f"/api/models/{_REPO}/branch/(?P<revision>[^/]+)", Handler.branch),
    ("POST", f"/{_REPO}\\.git/info/lfs/objects/batch", Handler.batch),
    ("PUT", "/lfs/(?P<oid>[0-9a-f]+)", Handler.put_large),
    ("GET HEAD", f"/{_REPO}/resolve/(?P<revision>[^/]+)/(?P<path>.+)", Handler.resolve),
]


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub that answers while the block runs."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"hub": hub}))
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def point_client_at(address: str, cache: Any, patch: pytest.MonkeyPatch, *, token: str | None = "hf_ada") -> None:
    """Let the Hub's client speak with this address alone, with a cache and a token of its own."""
    constants = "huggingface_hub.constants"
    patch.setattr(f"{constants}.ENDPOINT", address)
    patch.setattr(f"{constants}.HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}")
    patch.setattr(f"{constants}.HF_HUB_CACHE", str(cache))
    patch.setattr(f"{constants}.HF_HUB_DISABLE_XET", True)
    patch.setattr(f"{constants}.HF_TOKEN_PATH", str(cache / "token"))
    patch.setattr(f"{constants}.HF_STORED_TOKENS_PATH", str(cache / "tokens"))
    patch.setattr(f"{constants}.AGENT_HARNESSES_PATH", str(cache / "agents"), raising=False)
    for variable in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"):
        patch.delenv(variable, raising=False)
    if token:
        patch.setenv("HF_TOKEN", token)
