"""``python -m huying``."""

from huying.cli import main

raise SystemExit(main())
