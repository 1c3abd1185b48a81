"""What is asked of people is kept as the law has it: what is sensitive is for few, and personal data go before the rest."""

from __future__ import annotations

from collections.abc import Iterator

from definitions.model.definition import Definition
from definitions.problem import Problem, problem
from definitions.text import Said, words


def check(definition: Definition) -> Iterator[Problem]:
    """Sensitive fields that everybody may read, and personal data that outlive their file."""
    for name, field in definition.data.items():
        if field.sensitive and field.open:
            yield _open(("fields", name), words(field.title, "zh", name), words(field.title, "en", name))
        for key, column in field.columns.items():
            # a column is read by whoever reads its table
            if column.sensitive and column.open and field.open:
                yield _open(
                    ("fields", name, "columns", key), words(column.title, "zh", key), words(column.title, "en", key)
                )
    keep = definition.keep
    if keep.personal is not None and keep.file is not None and keep.personal.longer(keep.file):
        yield problem(
            "personal-outlives-file",
            ("keep", "personal"),
            Said(
                f"整件只保存 {keep.file.words('zh')}，其中的个人信息却要保存 {keep.personal.words('zh')}。",
                f"All of it is kept for {keep.file}, but what is personal in it for {keep.personal}.",
            ),
            Said("请把 personal 改短，或把 file 改长。", "Make personal shorter, or file longer."),
        )


def _open(path: tuple[str, ...], zh: str, en: str) -> Problem:
    return problem(
        "sensitive-for-all",
        path,
        Said(
            f"“{zh}”是敏感个人信息（sensitive），却谁都看得到。",
            f"“{en}” is sensitive, but everybody may read it.",
        ),
        Said("请加上 private: true，或用 seen by 写明谁能看。", "Add private: true, or say with seen by who may."),
    )
