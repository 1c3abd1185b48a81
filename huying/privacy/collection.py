"""The notice at a form, made of what that form really asks: what is private in it, who sees it, how long it is kept, and whom to ask."""

from __future__ import annotations

from dataclasses import dataclass, replace

from definitions.model.definition import Definition
from definitions.model.field import Field
from definitions.text import Said, words
from engine.refusal import Invalid
from huying.house.house import House
from huying.issues.consent import Consent, digest_of
from huying.issues.reporter import contact_fields
from huying.locale import LANGUAGES
from huying.privacy.rules import FILE, PERSONAL, Rules


@dataclass(frozen=True, slots=True)
class CollectionNotice:
    """The notice in one language, a sentence a line; ``sensitive``: the titles of fields to which one agrees separately."""

    lines: tuple[str, ...]
    sensitive: tuple[str, ...]

    @property
    def digest(self) -> str:
        """By which it is known again."""
        return digest_of(self.text)

    @property
    def text(self) -> str:
        """As it is kept with the issue."""
        return "\n".join(self.lines)


def collection_notice(house: House, definition: Definition, language: str, *, guest: bool) -> CollectionNotice | None:
    """What whoever fills in a form is told; ``None`` if it asks for nothing personal. ``guest``: they are asked who they are, too."""
    fields = {**(contact_fields(definition) if guest else {}), **definition.entered}
    private = {name: field for name, field in fields.items() if not field.open}
    if not private:
        return None
    with house.database.reading() as connection:
        rules = Rules(connection)
    spans = [rules.of_definition(what, definition).words(language) for what in (PERSONAL, FILE)]
    office = house.offices.now()
    called = office.called(language) or Said("本单位", "this office").of(language)
    titles = _listed([words(field.title, language, name) for name, field in private.items()], language)
    sensitive = tuple(words(field.title, language, name) for name, field in fields.items() if _is_sensitive(field))
    lines = [
        Said(
            f"{called}为办理您反映的事，请您填写：{titles}。除必填的以外，可以不填，不影响办理。",
            f"{called} asks for this to handle your issue: {titles}. What is not required you may leave out.",
        ),
        Said(
            "只有经办这件事的人看得到，不公开，也不写进消息。",
            "Only those who work on it see it; it is never public, and never in a message.",
        ),
        *_narrower(definition, private, language),
        Said(
            f"办结后保存 {spans[0]}，其他内容保存 {spans[1]}，期满删除。",
            f"It is kept for {spans[0]} after closure, the rest for {spans[1]}, and then erased.",
        ),
        Said(
            "您可以查阅、复制、更正、删除：在看进度的页面点“我的信息”，"
            f"或者联系{called}{f'（{office.address}）' if office.address else ''}。",
            "You may have it copied, put right or erased: “My data” on the page of your issue, "
            f"or ask {called}{f' ({office.address})' if office.address else ''}.",
        ),
    ]
    return CollectionNotice(tuple(line.of(language) for line in lines), sensitive)


def consent_by_digest(house: House, definition: Definition, digest: str, given: Consent) -> Consent:
    """What was agreed to by the notice of this digest, in whichever language it was shown; ``Invalid`` if that is not the form's notice now."""
    for language in LANGUAGES:
        for guest in (True, False):
            notice = collection_notice(house, definition, language, guest=guest)
            if notice is not None and notice.digest == digest:
                return replace(given, notice=notice.text, language=language)
    raise Invalid(
        {
            "notice": {
                "zh": f"告知的内容不是现在的：请重新取 /definitions/{definition.id} 里的 notice，给当事人看过再提交它的 digest。",
                "en": f"This is not the notice of now: take the one of /definitions/{definition.id} again, show it, and send its digest.",
            }
        }
    )


def _narrower(definition: Definition, private: dict[str, Field], language: str) -> list[Said]:
    """Who sees what only some do."""
    found = []
    for name, field in private.items():
        if field.seen_by:
            title = words(field.title, language, name)
            roles = [words(definition.role_title(role), language, role) for role in field.seen_by]
            who = _listed(roles, language)
            found.append(Said(f"其中“{title}”只有{who}看得到。", f"“{title}” is seen by {who} alone."))
    return found


def _is_sensitive(field: Field) -> bool:
    return field.sensitive or any(column.sensitive for column in field.columns.values())


def _listed(names: list[str], language: str) -> str:
    return Said("、", ", ").of(language).join(names)
