"""The shelf: where the bytes of attachments lie, and which are taken at all."""
