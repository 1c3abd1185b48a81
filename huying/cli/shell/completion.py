"""``completion``: what a shell needs to complete commands and options; the shell asks ``huying --complete``, so it never grows stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from definitions.text import Said
from huying.cli.command import SOUND, Command

if TYPE_CHECKING:
    from argparse import Namespace

    from huying.cli.parser import Parser

#: By shell: a function that asks the command as it was typed. Where it has nothing to offer, the shell completes files.
SCRIPTS = {
    "bash": r"""
_huying() {
    local IFS=$'\n'
    COMPREPLY=($("$1" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
}
complete -o default -o bashdefault -F _huying huying
""",
    "zsh": r"""
_huying() {
    local -a found
    found=("${(@f)$("${words[1]}" --complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    # _describe takes each as name:what it is
    found=("${(@)found//:/\\:}")
    found=("${(@)found/$'\t'/:}")
    if [[ -n "${found[1]}" ]]; then _describe huying found; else _files; fi
}
compdef _huying huying
""",
    "fish": r"""
function __huying_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process) (commandline --current-token --cut-at-cursor)
    $words[1] --complete $words[2..-1] 2>/dev/null
end
complete --command huying --arguments '(__huying_complete)'
""",
}


def _arguments(parser: Parser) -> None:
    parser.take("shell", zh="哪一种。", en="Which shell.", choices=tuple(SCRIPTS))


def _run(options: Namespace) -> int:
    print(SCRIPTS[options.shell].strip())
    return SOUND


COMMAND = Command(
    "completion",
    Said(
        '让命令行能自动补全：eval "$(huying completion bash)"。',
        'Complete in the shell: eval "$(huying completion bash)".',
    ),
    _run,
    _arguments,
)
