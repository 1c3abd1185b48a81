"""The JSON Schema of definitions, for editors: completion, hover texts and first checks while typing.

Made from the model; the file beside this module is committed and tested fresh. Renew it with ``python -m definitions.json_schema``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from definitions.definition import Definition

FILE = Path(__file__).resolve().parent / "definition.schema.json"


def definition_schema() -> dict[str, Any]:
    """The schema as plain data (draft 2020-12)."""
    schema = Definition.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "呼应流程定义 Huying definition",
        **schema,
    }


def rendered() -> str:
    """The schema as the text of its file."""
    return json.dumps(definition_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(rendered(), "utf-8")
