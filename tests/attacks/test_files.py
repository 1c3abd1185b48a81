"""Files are kept of forms that ask for them, within what one person may add to one issue, and nothing lies about that nobody names."""

from __future__ import annotations

from pathlib import Path

import pytest

from huying.house.by import By
from huying.issues.attachments import MOST_FILES, TooMany, attach
from huying.issues.opening import Report, Upload, open_issue
from huying.issues.reporter import NewReporter
from tests.attacks.conftest import GuardedTown
from tests.huying.town import PIXEL, REPORT

FILE = ("x.png", PIXEL, "image/png")


def lying(town: GuardedTown) -> set[Path]:
    return {path for path in town.house.files.rglob("*") if path.is_file()}


def test_a_file_sent_along_with_a_log_in_is_not_kept(town: GuardedTown) -> None:
    guest = town.stranger()
    data = {**guest.hidden("/login", "/login"), "login": "clerk", "passphrase": "wrong"}
    guest.http.post("/login", data=data, files=[("field.photo", FILE), ("photo", FILE)])
    assert lying(town) == set()


def test_a_file_in_a_field_that_does_not_exist_is_not_kept(town: GuardedTown) -> None:
    guest = town.stranger()
    data = guest.hidden("/report/street-matters", "/report/street-matters")
    for path in ("", "/look", "/alike"):
        guest.http.post(
            f"/report/street-matters{path}", data=data, files=[("field.nothing", FILE), ("field.subject", FILE)]
        )
    assert lying(town) == set()


def test_a_file_in_a_form_that_is_not_ours_is_not_kept(town: GuardedTown) -> None:
    guest = town.stranger()
    answer = guest.http.post("/report/street-matters", data={"form_token": "x"}, files=[("field.photo", FILE)])
    assert answer.status_code == 403
    assert lying(town) == set()


def test_one_person_adds_nine_files_to_an_issue_and_does_not_keep_others_from_adding_theirs(town: GuardedTown) -> None:
    issue = town.report()
    clerk, deputy = (By(town.people[login], town.clock()) for login in ("clerk", "office"))
    for number in range(MOST_FILES):
        attach(town.house, issue, f"{number}.png", PIXEL, By(clerk.person, clerk.now, f"file-{number}"))
    before = lying(town)
    with pytest.raises(TooMany):
        attach(town.house, issue, "one.pdf", b"%PDF-1.7 more", clerk)
    assert lying(town) == before, "what is refused is not kept"
    assert attach(town.house, issue, "0.png", PIXEL, By(clerk.person, clerk.now, "file-0")).repeated
    attach(town.house, issue, "theirs.png", PIXEL, deputy)


def test_a_report_with_more_files_than_one_person_adds_is_refused_before_it_is_opened(town: GuardedTown) -> None:
    files = [Upload(f"{number}.png", PIXEL) for number in range(MOST_FILES + 1)]
    new = NewReporter(name="李明", phone="13800000000")
    report = Report(definition="street-matters", station="XG", reporter=new, values=REPORT, files=files)
    with pytest.raises(TooMany):
        open_issue(town.house, report, request_id="k" * 20, now=town.clock())
    assert town.report() == 1, "none was opened before"
    assert lying(town) == set()
