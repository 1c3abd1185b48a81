"""Providers through whom an office writes to people: WeCom, DingTalk, Feishu, WeChat official accounts, short messages; a file each."""
