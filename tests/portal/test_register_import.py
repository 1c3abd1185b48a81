"""After an import was written without its wrong rows, those can still be fetched, with what is wrong, to be handed in again."""

from __future__ import annotations

from io import BytesIO

import openpyxl

from huying.house.by import By
from huying.register.workbook.imports import offer, write
from tests.huying.register.workbook.sheets import book_of
from tests.huying.town import administrator
from tests.portal.conftest import PortalTown
from tests.portal.visitor import plain

BOOK = book_of(
    {"人员": [["登录名", "姓名*", "身份*", "手机"], ["suhe", "苏禾", "工作人员", ""], ["", "叶静", "联络员", "139"]]}
)


def test_rows_that_were_left_out_are_handed_back_after_the_rest_was_written(town: PortalTown) -> None:
    by = By(administrator(town.house), town.clock())
    number = offer(town.house, "名册.xlsx", BOOK, by)
    write(town.house, number, by, partial=True)
    keeper = town.visitor("admin")
    page = plain(keeper.see(f"/register/import/{number}"))
    assert "跳过了，没有写入" in page
    assert "下载带说明的表格" in page
    sheet = keeper.http.get(f"/register/import/{number}/remarks.xlsx")
    assert sheet.status_code == 200
    cells = [cell for one in openpyxl.load_workbook(BytesIO(sheet.content)) for row in one.values for cell in row]
    assert "叶静" in cells
    assert "苏禾" not in cells
