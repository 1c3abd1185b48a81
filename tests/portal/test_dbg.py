from tests.portal.test_search import *
from tests.portal.conftest import town
import re
def test_x(town):
    issue = town.report(subject="路灯<b>不亮")
    town.act(issue, "clerk", "accept")
    for _ in every_portion(town.house): pass
    page = town.visitor("deputy").see("/search?q=李明")
    print(page[page.index('id="found"'):][:900])
    from huying.search.view import search, Asker
    print(search(town.house, Asker(town.people["deputy"],"zh",town.clock.now),"李明"))
    assert 0
