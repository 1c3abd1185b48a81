"""Which passphrases are taken: by length and by what everybody would try, not by kinds of characters."""

from __future__ import annotations

import pytest

from huying.access.passphrase import hash_passphrase, plainly
from huying.access.policy import BESIDE_A_SECOND_FACTOR, PassphraseRules, fault_of

LONG, SHORT = PassphraseRules(), PassphraseRules(shortest=BESIDE_A_SECOND_FACTOR)
NAMES = ("王芳", "wangfang", "13850001234", "仙港街道办事处", "xiangangjiedaobanshichu", "仙港站")


@pytest.mark.parametrize(
    "passphrase",
    [
        "correct horse battery",
        "alle meine entchen schwimmen",
        "每天早上在海边走一个小时再上班",
        "wode maojiao tuanzi ta 6 sui",
        "1937-05-27 bridge fog",
        "王芳养的三只鸡都不肯下蛋怎么办啊",
    ],
)
def test_a_sentence_of_ones_own_is_taken_without_signs_and_capitals(passphrase: str) -> None:
    assert fault_of(passphrase, LONG, NAMES) is None


@pytest.mark.parametrize(
    ("passphrase", "rules", "why"),
    [
        ("tiger lily", LONG, "太短"),
        ("tiger7", SHORT, "太短"),
        ("x" * 201, LONG, "太长"),
        ("aaaaaaaaaaaaaaaaaaaa", LONG, "重复"),
        ("abcabcabcabcabcabc", LONG, "重复"),
        ("12345678901234567890", LONG, "连续"),
        ("abcdefghijklmnopqrs", LONG, "连续"),
        ("qwertyuiopasdfghjkl", LONG, "相邻"),
        ("1qaz2wsx3edc4rfv", LONG, "相邻"),
        ("password12345678", LONG, "最常"),
        ("passwordpassword", LONG, "最常"),
        ("Password-20261130", LONG, "最常"),
        ("woaini1314520520", LONG, "最常"),
        ("Woaini1314", SHORT, "最常"),
        ("iloveyou", SHORT, "最常"),
        ("p@ssw0rd", SHORT, "最常"),
        ("为人民服务为人民服务为人民服务", LONG, "最常"),
        ("仙港街道办事处2026年11月30日", LONG, "大家知道"),
        ("XianGangJieDaoBanShiChu-2026", LONG, "大家知道"),
        ("wangfang13850001234", LONG, "大家知道"),
        ("仙港站王芳仙港站王芳仙港站!!!", LONG, "大家知道"),
        ("13850001234!13850001234", LONG, "大家知道"),
    ],
)
def test_what_everybody_would_try_is_refused_with_the_reason(passphrase: str, rules: PassphraseRules, why: str) -> None:
    fault = fault_of(passphrase, rules, NAMES)
    assert fault is not None
    assert why in fault.zh
    assert fault.en


def test_strict_asks_for_three_kinds_of_characters() -> None:
    strict = PassphraseRules(strict=True)
    fault = fault_of("correct horse battery", strict)
    assert fault is not None
    assert "三种" in fault.zh
    assert fault_of("Correct horse, battery", strict) is None


def test_full_width_letters_of_an_input_method_are_the_same_passphrase(real_hasher: None) -> None:
    from huying.access.passphrase import check

    hashed = hash_passphrase("correct horse 2026")
    assert check("ｃｏｒｒｅｃｔ　ｈｏｒｓｅ　２０２６", hashed).right
    assert plainly("ﬁ") == "fi"


def test_a_hash_of_other_parameters_is_renewed_once_it_is_right(real_hasher: None) -> None:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    from huying.access.passphrase import check

    old = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=2),)).hash("correct horse")
    assert check("wrong horse", old) == (False, None)
    right, renewed = check("correct horse", old)
    assert right
    assert renewed is not None
    assert "m=19456,t=2,p=1" in renewed
    assert check("correct horse", renewed) == (True, None)
    assert check("anything", None) == (False, None)
