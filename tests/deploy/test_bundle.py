"""A bundle is what a machine without internet needs, with digests; its bootstrap asks no network, and what is under the GPL stays behind."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.patience import within

ROOT = Path(__file__).resolve().parents[2]
#: Where nobody listens: whoever asks the network fails at once.
NOWHERE = "http://127.0.0.1:9"


def wheel(folder: Path, name: str) -> Path:
    """A wheel of one module, which says its own name."""
    folder.mkdir(exist_ok=True)
    made = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": f'NAME = "{name}"\n',
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},{_hashed(text)},{len(text)}\n" for path, text in files.items()) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(made, "w") as packed:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            packed.writestr(path, text)
    return made


def _hashed(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
    return f"sha256={digest}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A small working copy with a lock of one package, which lies in a wheelhouse; a data folder and an environment of its own."""
    made = tmp_path / "copy"
    shutil.copytree(ROOT / "scripts", made / "scripts")
    shutil.copy(ROOT / "pyproject.toml", made)
    shutil.copy(ROOT / ".gitignore", made)
    one = wheel(made / "wheelhouse", "tiny")
    wheel(made / "wheelhouse", "pillow_heif")
    digest = hashlib.sha256(one.read_bytes()).hexdigest()
    (made / "requirements.txt").write_text(f"tiny==1.0 --hash=sha256:{digest}\n", "utf-8")
    (made / ".huying").mkdir()
    (made / ".huying" / "huying.db").write_text("people", "utf-8")
    subprocess.run(["git", "init", "-q", str(made)], check=True)
    return made


def run(*command: str, at: Path, shelf: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A command without a network; packages may lie on a shelf."""
    environment = {**os.environ, "http_proxy": NOWHERE, "https_proxy": NOWHERE}
    environment.pop("PIP_FIND_LINKS", None)
    if shelf is not None:
        environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(shelf)}
    return subprocess.run(
        command, cwd=at, env=environment, capture_output=True, text=True, timeout=within(120), check=False
    )


def test_what_was_packed_is_installed_without_a_network(copy: Path, tmp_path: Path) -> None:
    told = run("scripts/bundle", str(tmp_path / "out"), at=copy)
    assert told.returncode == 0, told.stderr
    (packed,) = (tmp_path / "out").glob("huying-*.tar")
    assert re.match(r"huying-[0-9.]+-py3[0-9]+-", packed.name)
    assert hashlib.sha256(packed.read_bytes()).hexdigest() in told.stdout
    with tarfile.open(packed) as tar:
        tar.extractall(tmp_path / "there", filter="data")
    (there,) = (tmp_path / "there").iterdir()
    assert {path.name for path in there.iterdir()} >= {"scripts", "wheelhouse", "requirements.txt", "SHA256SUMS"}
    assert not (there / ".huying").exists(), "nobody's data goes along"
    assert not (there / ".venv").exists()
    assert [path.name for path in (there / "wheelhouse").iterdir()] == ["tiny-1.0-py3-none-any.whl"]
    assert run("sha256sum", "--check", "--quiet", "SHA256SUMS", at=there).returncode == 0

    told = run("scripts/bootstrap", at=there)
    assert told.returncode == 0, told.stderr
    said = run(".venv/bin/python", "-c", "import tiny; print(tiny.NAME)", at=there)
    assert said.stdout == "tiny\n", said.stderr


def test_an_older_python_of_the_same_kind_finds_what_it_alone_needs(copy: Path, tmp_path: Path) -> None:
    shelf = copy.rename(tmp_path / "shelf") / "wheelhouse"
    older = wheel(shelf, "older")
    lines = (shelf.parent / "requirements.txt").read_text("utf-8")
    first = f"{sys.version_info.major}.{sys.version_info.minor}.1"
    digest = hashlib.sha256(older.read_bytes()).hexdigest()
    lines += f"older==1.0 ; python_full_version < '{first}' \\\n    --hash=sha256:{digest}\n"
    made = tmp_path / "again"
    shutil.copytree(shelf.parent, made, ignore=shutil.ignore_patterns("wheelhouse"))
    (made / "requirements.txt").write_text(lines, "utf-8")
    told = run("scripts/bundle", str(tmp_path / "out"), at=made, shelf=shelf)
    assert told.returncode == 0, told.stderr
    (packed,) = (tmp_path / "out").glob("huying-*.tar")
    with tarfile.open(packed) as tar:
        wheels = {Path(one).name for one in tar.getnames() if one.endswith(".whl")}
    assert wheels == {"tiny-1.0-py3-none-any.whl", "older-1.0-py3-none-any.whl"}


def test_a_wheel_that_is_not_the_locked_one_is_not_installed(copy: Path) -> None:
    (copy / "wheelhouse" / "tiny-1.0-py3-none-any.whl").unlink()
    one = wheel(copy / "wheelhouse", "tiny")
    with zipfile.ZipFile(one, "a") as packed:
        packed.writestr("evil.py", "")
    told = run("scripts/bootstrap", at=copy)
    assert told.returncode != 0
    assert "hash" in told.stderr.lower()
