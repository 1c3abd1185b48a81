"""Two definitions as YAML, compared line by line; short forms, fragments and comments make no difference."""

from __future__ import annotations

import difflib

import yaml

from definitions.model.definition import Definition


def yaml_difference(old: Definition, new: Definition, before: str, after: str) -> list[str]:
    """The lines of a unified diff, each with its end; ``before`` and ``after`` are what the two are called there."""
    texts = [
        yaml.safe_dump(
            one.model_dump(by_alias=True, mode="json", exclude_defaults=True),
            allow_unicode=True,
            sort_keys=False,
            width=140,
        ).splitlines(keepends=True)
        for one in (old, new)
    ]
    return list(difflib.unified_diff(texts[0], texts[1], before, after))
