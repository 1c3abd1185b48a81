"""An office moves in, in one afternoon, in a real browser: from an empty folder to an issue that was settled, and then to an address of its own.

Nobody here knows more than what stands on the pages and on the terminal. With ``HUYING_TEST_PICTURES`` each stop is kept there as a picture.
"""

from __future__ import annotations

import os
import re
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_pem_x509_certificate
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from huying.database.connections import Database
from huying.house.house import House
from huying.issues.verification import verify
from notifications import read_mails
from tests.acceptance.fleet import needs
from tests.acceptance.running import EMPTY, Running, running
from tests.conftest import missing
from tests.deploy.front import NAME, Front, own_authority
from tests.patience import within

_CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
_PICTURES = os.environ.get("HUYING_TEST_PICTURES")
#: How long a page may take on a machine that has much else to do, in milliseconds; what is there earlier is not waited for.
_PATIENCE = within(10) * 1000
_OFFICE = "仙港街道人大工委"
_WORDS = {
    "wen": "xiangang lu shang san zhi bailu",
    "linyu": "yu hou de shijie manman zou",
    "chenhai": "haibian dengta jiu dian liang",
}
_TODAY = datetime.now(UTC).date()
_TERM = (_TODAY - timedelta(days=300), _TODAY + timedelta(days=1200))
#: What an office fills in, by sheet and title.
_REGISTER: Mapping[str, Sequence[Mapping[str, object]]] = {
    "区域": [
        {"区划代码": "9901", "名称": "海湾区", "层级": "区"},
        {"区划代码": "9901001", "名称": "仙港街道", "层级": "街道", "上级代码": "9901"},
    ],
    "单位": [{"代码": "CG", "名称": "城市管理局", "类别": "承办单位"}],
    "站点": [{"代码": "XG", "名称": "仙港街道代表活动站", "类别": "区域站", "区域": "9901001", "地址": "仙港路 1 号"}],
    "人员": [
        {"姓名": "林雨", "身份": "工作人员", "邮箱": "linyu@example.com"},
        {"姓名": "陈海", "身份": "人大代表", "手机": "13900001234", "代表层级": "区", "任期起": _TERM[0], "任期止": _TERM[1]},
        {"姓名": "丁恺", "身份": "承办人"},
    ],
    "任职": [
        {"登录名": "林雨", "站点或单位": "XG", "职务": "工作人员"},
        {"登录名": "林雨", "站点或单位": "XG", "职务": "站长"},
        {"登录名": "陈海", "站点或单位": "XG", "职务": "代表"},
        {"登录名": "丁恺", "站点或单位": "CG", "职务": "承办人"},
    ],
    "值班": [{"站点": "XG", "星期": day, "登录名": "陈海"} for day in ("周一", "周二", "周三", "周四", "周五", "周六", "周日")],
}  # fmt: skip


@dataclass
class Afternoon:
    """Browsers before one house; each stop is kept as a picture where somebody asks for them."""

    browser: Browser
    address: str
    troubles: list[str] = field(default_factory=list)
    stops: int = 0

    def person(self, *, phone: bool = False) -> Page:
        """Somebody who has not been here before."""
        screen = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
        context: BrowserContext = self.browser.new_context(
            viewport=screen,  # type: ignore[arg-type]
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=self.address,
            has_touch=phone,
            is_mobile=phone,
            accept_downloads=True,
        )
        page = context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        return page

    def stop(self, page: Page, name: str) -> None:
        """Look around: nothing lies beside the page, and nothing of it is in another language."""
        page.wait_for_load_state()
        self.stops += 1
        if _PICTURES:
            page.screenshot(path=f"{_PICTURES}/{self.stops:02}-{name}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        assert page.title().endswith(("呼应", _OFFICE)), page.title()


@contextmanager
def _browser(*more: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=str(_CHROMIUM), args=[*_FLAGS, *more])
        expect.set_options(timeout=_PATIENCE)
        yield running
        running.close()


@pytest.mark.timeout(900)
def test_an_office_moves_in_within_an_afternoon(tmp_path: Path) -> None:
    needs("caddy")
    if not _CHROMIUM.exists():
        missing("chromium")
    home = tmp_path / "home"
    with running(home, None, EMPTY) as product:
        link = _printed(product)
        with _browser() as browser:
            at = Afternoon(browser, product.portal)
            keeper = _first_administrator(at, link)
            _register(at, keeper)
            _chosen(at, keeper)
            clerk, deputy = _invited(at, keeper, product)
            number, code, resident = _reported(at)
            _settled(at, clerk, deputy, resident, number)
            assert at.troubles == []
        assert product.stop() == 0
    _behind_a_front(home, tmp_path / "front", number, code)
    database = Database(product.database_url)
    assert verify(House(database, home / "files")).faults == []
    database.close()


def _printed(product: Running) -> str:
    """The address that the terminal shows once everything is there."""
    deadline = time.monotonic() + within(60)
    while not (found := re.search(r"http://\S+/account/set/\S+", product.output.read_text("utf-8"))):
        assert product.process.poll() is None, product.output.read_text("utf-8")
        assert time.monotonic() < deadline, product.output.read_text("utf-8")
        time.sleep(0.2)
    return found[0]


def _first_administrator(at: Afternoon, link: str) -> Page:
    page = at.person()
    page.goto(link)
    at.stop(page, "first-administrator")
    page.get_by_label("您的姓名").fill("温如玉")
    page.get_by_label("用户名").fill("wen")
    _set_passphrase(page, "wen")
    expect(page.get_by_role("heading", level=1)).to_contain_text("欢迎")
    at.stop(page, "welcome")
    page.get_by_label("单位名称").fill(_OFFICE)
    page.get_by_label("通讯地址").fill("仙港路 1 号")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")
    at.stop(page, "office")
    return page


def _set_passphrase(page: Page, who: str) -> None:
    page.get_by_label("新口令").fill(_WORDS[who])
    page.get_by_label("再输一次").fill(_WORDS[who])
    page.get_by_role("button", name="设好口令并登录").click()


def _register(at: Afternoon, keeper: Page) -> None:
    """The product's own template, filled in with a small office's people."""
    with keeper.expect_download() as coming:
        keeper.get_by_role("link", name="下载空白表格").click()
    filled = _filled_in(Path(coming.value.path()).read_bytes())
    keeper.get_by_role("link", name="导入填好的表格").click()
    at.stop(keeper, "hand-in")
    keeper.get_by_label("表格文件").set_input_files({"name": "仙港名册.xlsx", "mimeType": "", "buffer": filled})
    keeper.get_by_role("button", name="上传并核对").click()
    expect(keeper.get_by_role("heading", level=1)).to_contain_text("仙港名册")
    at.stop(keeper, "looked-over")
    keeper.get_by_role("button", name="写入").click()
    expect(keeper.get_by_role("status").first).to_contain_text("已写入")
    at.stop(keeper, "written")


def _filled_in(template: bytes) -> bytes:
    book, into = openpyxl.load_workbook(BytesIO(template)), BytesIO()
    for name, lines in _REGISTER.items():
        sheet = next(one for one in book.worksheets if one.title.split()[0] == name)
        columns = {str(cell.value).strip(" *"): cell.column or 0 for cell in sheet[1] if cell.value}
        for row, line in enumerate(lines, start=3):
            for title, value in line.items():
                sheet.cell(row, columns[title]).value = value  # type: ignore[assignment]
    book.save(into)
    return into.getvalue()


def _chosen(at: Afternoon, keeper: Page) -> None:
    """Of the processes that came along, what residents find on the first page."""
    keeper.get_by_role("link", name="本单位").click()
    for title in ("政府信息公开申请", "行业联络站事项", "行政许可申请", "路面坑洞"):
        keeper.get_by_label(title).uncheck()
    keeper.get_by_role("button", name="就放这些").click()
    expect(keeper.get_by_role("status")).to_contain_text("首页已改好")
    at.stop(keeper, "processes")


def _invited(at: Afternoon, keeper: Page, product: Running) -> tuple[Page, Page]:
    """The clerk by mail, the deputy by a slip that is handed over, to be opened on the phone."""
    keeper.get_by_role("link", name="邀请他们登录").click()
    at.stop(keeper, "accounts")
    keeper.get_by_label("林雨").check()
    keeper.get_by_role("button", name="发消息给本人").click()
    at.stop(keeper, "invitation-sent")
    keeper.goto("/accounts")
    keeper.get_by_label("陈海").check()
    keeper.get_by_role("button", name="打印单子").click()
    expect(keeper.locator(".slip")).to_have_count(1)
    at.stop(keeper, "slip")
    slip = keeper.locator(".slip .address").inner_text()

    clerk, deputy = at.person(), at.person(phone=True)
    clerk.goto(_mailed(product, "/account/set/"))
    _set_passphrase(clerk, "linyu")
    clerk.wait_for_url("**/tasks*")
    at.stop(clerk, "clerk-in")
    deputy.goto(slip)
    at.stop(deputy, "deputy-slip")
    _set_passphrase(deputy, "chenhai")
    deputy.wait_for_url("**/tasks*")
    at.stop(deputy, "deputy-in")
    return clerk, deputy


def _mailed(product: Running, part: str) -> str:
    """The address in the newest mail that has one."""
    deadline = time.monotonic() + within(30)
    while True:
        for mail in read_mails(product.home / "mailbox", 100):
            if found := re.search(rf"http\S+{part}[\w-]+", mail.text):
                return found[0]
        assert time.monotonic() < deadline, product.output.read_text("utf-8")
        time.sleep(0.3)


def _reported(at: Afternoon) -> tuple[str, str, Page]:
    """A resident on a phone, who has never heard of any of this."""
    page = at.person(phone=True)
    page.goto("/")
    expect(page.locator(".trio a b")).to_have_text(["对话代表", "查进度", "就近的站"])
    at.stop(page, "resident-home")
    page.get_by_role("link", name="我要反映").first.click()
    at.stop(page, "report")
    page.get_by_label("什么事").fill("仙港路小学门口路灯不亮")
    page.get_by_label("在哪里").fill("仙港路 18 号")
    page.get_by_text("路灯照明", exact=True).click()
    page.get_by_label("联络站").select_option("XG")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("回执")
    at.stop(page, "receipt")
    number, code = page.locator(".slip-codes dd").all_inner_texts()[:2]
    page.get_by_role("link", name="查看事项").click()
    at.stop(page, "followed")
    return number, code, page


def _settled(at: Afternoon, clerk: Page, deputy: Page, resident: Page, number: str) -> None:
    """The clerk takes it up, the deputy answers, the resident has the last word."""
    clerk.goto("/tasks")
    at.stop(clerk, "clerk-tasks")
    clerk.get_by_role("link", name="仙港路小学门口路灯不亮").click()
    at.stop(clerk, "clerk-task")
    clerk.get_by_label("诉求，请代表办理").check()
    clerk.get_by_role("button", name="受理", exact=True).click()
    at.stop(clerk, "clerk-done")
    deputy.goto("/tasks")
    at.stop(deputy, "deputy-tasks")
    deputy.get_by_role("link", name="仙港路小学门口路灯不亮").click()
    at.stop(deputy, "deputy-task")
    deputy.get_by_label("答复内容").fill("路灯已经修好，今晚就亮。")
    deputy.get_by_role("button", name="直接答复").click()
    at.stop(deputy, "deputy-done")
    resident.reload()
    at.stop(resident, "resident-asked")
    resident.locator("label.choice", has_text="满意").first.click()
    resident.locator("label.star", has_text="5").click()
    resident.get_by_role("button", name="满意", exact=True).click()
    expect(resident.get_by_role("main")).to_contain_text("已解决")
    at.stop(resident, "resident-closed")


def _behind_a_front(home: Path, folder: Path, number: str, code: str) -> None:
    """The same house under its own address: encrypted, by a certificate of the office's own authority."""
    folder.mkdir()
    settings = {"HUYING_PORTAL_URL": f"https://{NAME}", "HUYING_TRUSTED_PROXIES": "127.0.0.1/32"}
    with running(home, settings, EMPTY) as product:
        product.wait_until_healthy()
        assert "/account/set/" not in product.output.read_text("utf-8").rpartition("starting")[2]
        with own_authority(folder, int(product.portal.rpartition(":")[2])) as front, _browser(*_trusting(front)) as one:
            at = Afternoon(one, f"https://{NAME}", stops=50)
            page = at.person(phone=True)
            page.goto("/login")
            at.stop(page, "log-in")
            page.get_by_label("用户名").fill("chenhai")
            page.get_by_label("口令").fill(_WORDS["chenhai"])
            page.locator("main").get_by_role("button", name="登录", exact=True).click()
            page.wait_for_url("**/tasks*")
            cookies = page.context.cookies()
            assert cookies
            assert all(cookie["secure"] and cookie["httpOnly"] for cookie in cookies), cookies
            at.stop(page, "deputy-again")
            guest = at.person(phone=True)
            guest.goto("/follow")
            at.stop(guest, "follow")
            guest.get_by_label("编号", exact=True).fill(number)
            guest.get_by_label("查询码", exact=True).fill(code)
            guest.get_by_role("button", name="查看").click()
            expect(guest.get_by_role("heading", level=1)).to_have_text("仙港路小学门口路灯不亮")
            expect(guest.get_by_role("main")).to_contain_text("路灯已经修好，今晚就亮。")
            at.stop(guest, "followed-again")
            assert at.troubles == []
        assert product.stop() == 0


def _trusting(front: Front) -> tuple[str, str]:
    """A browser that finds the name on this machine, and trusts the office's authority."""
    return (
        f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{front.port}",
        f"--ignore-certificate-errors-spki-list={_key_of(front.certificate.with_name('intermediate.crt'))}",
    )


def _key_of(certificate: Path) -> str:
    """The digest by which a browser is told whose certificates it may trust."""
    key = load_pem_x509_certificate(certificate.read_bytes()).public_key()
    return b64encode(sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()).decode()
