"""The JSON Schema of definitions, for editors: completion, hover texts and first checks while typing.

Made from the model; the file beside this module is committed and tested fresh. Renew it with ``python -m definitions.reference``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from definitions.model.definition import Definition

FILE = Path(__file__).resolve().parents[1] / "definition.schema.json"


def definition_schema() -> dict[str, Any]:
    """The schema as plain data (draft 2020-12)."""
    schema = Definition.model_json_schema(by_alias=True)
    text = schema["properties"]["title"]
    shared = {
        "use": {
            "description": "共用片段。 Fragments shared with other definitions.",
            "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
        },
        "texts": {
            "description": "共用文字，用 $名字 引用。 Shared texts, used as $name.",
            "type": "object",
            "additionalProperties": text,
        },
        "deadlines": {
            "description": "期限的名字，写在 within 后。 Deadlines by name, to stand after within.",
            "type": "object",
            "additionalProperties": {"type": "string"},
        },
    }
    schema["properties"] |= shared
    # what a fragment says of a field need not be said again
    schema["$defs"]["Field"].pop("required", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "呼应流程定义 Huying definition",
        **schema,
    }


def rendered() -> str:
    """The schema as the text of its file."""
    return json.dumps(definition_schema(), ensure_ascii=False, indent=2) + "\n"
