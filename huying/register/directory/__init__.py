"""The register as the kernel's directory: who there is at this moment. It reads, and decides nothing: picking is the kernel's."""

from huying.register.directory.directory import RegisterDirectory

__all__ = ["RegisterDirectory"]
