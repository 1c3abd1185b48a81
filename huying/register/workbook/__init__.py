"""The register as a workbook: its sheets, how one is read with care, what it would change, and how it is filled in again."""
