"""Posters and slips with a QR code: short addresses that lead into the portal, what stands beside them, and the sheets that are printed."""
