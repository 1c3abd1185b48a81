"""``huying register``: by command what the page does, in the reader's language."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from huying.cli import main
from tests.huying.register.workbook.sheets import SMALL, book_of, changed


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUYING_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HUYING_DATABASE_URL", raising=False)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_from_template_to_import_and_back(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["register", "template", "empty.xlsx"]) == 0
    assert "站点 stations" in openpyxl.load_workbook("empty.xlsx").sheetnames
    Path("office.xlsx").write_bytes(book_of(SMALL))
    assert main(["register", "import", "office.xlsx", "--dry-run"]) == 0
    assert "没有写入" in capsys.readouterr().out
    assert main(["register", "import", "office.xlsx"]) == 0
    assert "huying register undo 1" in capsys.readouterr().out
    assert main(["register", "export", "full.xlsx", "--without-private"]) == 0
    assert main(["register", "import", "full.xlsx"]) == 0
    assert "没有要改的" in capsys.readouterr().out
    assert main(["register", "undo", "1"]) == 0
    assert "已撤回" in capsys.readouterr().out


def test_faults_stop_an_import_and_name_their_cells(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("office.xlsx").write_bytes(book_of(changed("区域", 3, 4, "9902")))
    assert main(["register", "import", "office.xlsx", "--language", "zh"]) == 1
    said = capsys.readouterr()
    assert "区域 第 3 行 D 列：“9902”没有区划“9902”" in said.err
    assert "没有写入" in said.out
    assert main(["register", "check", "office.xlsx", "--language", "en"]) == 1
    assert "areas, row 3, column D" in capsys.readouterr().err


def test_with_skip_wrong_the_good_rows_are_written(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("office.xlsx").write_bytes(book_of(changed("人员", 2, 4, "139")))
    assert main(["register", "import", "office.xlsx", "--skip-wrong"]) == 0
    assert "已写入" in capsys.readouterr().out


@pytest.mark.parametrize(("content", "words"), [(b"\xd0\xcf\x11\xe0", "旧格式"), (b"a,b", "不是 Excel"), (b"", "空的")])
def test_what_is_no_workbook_is_refused_in_words(
    content: bytes, words: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("file.xlsx").write_bytes(content)
    assert main(["register", "import", "file.xlsx"]) == 1
    assert words in capsys.readouterr().err


def test_a_file_that_is_not_there(home: Path) -> None:
    assert main(["register", "check", "nowhere.xlsx"]) == 2
