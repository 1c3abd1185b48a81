"""What carrying out costs at present, learnt from what was just done; from it follows whether each step gets a run of its own.

Pure: it is told what things took, in seconds, and reads no clock. See docs/decisions/0016-the-switch-is-measured.md.
"""

from dataclasses import dataclass, field

# people are to be told within two seconds; the message still has to be sent
_PROMPT = 1.2
# so long a batch should take: what comes meanwhile, from whatever station, waits no longer
_BATCH = 2.0
_FEWEST, _MOST = 50, 1000
# a measurement counts for so much of the new estimate, and never for more than so many times the old one
_WEIGHT, _OUTLIER = 0.3, 4.0


@dataclass
class _Estimate:
    """A cost in seconds, which follows what was measured and is not thrown by one stall."""

    seconds: float

    def learn(self, measured: float) -> None:
        bounded = min(measured, self.seconds * _OUTLIER)
        self.seconds += _WEIGHT * (bounded - self.seconds)


@dataclass
class Pace:
    """The pace of one dispatcher; it begins with what was measured on a small machine, and is right after a few runs."""

    _run: _Estimate = field(default_factory=lambda: _Estimate(0.25))
    _effect: _Estimate = field(default_factory=lambda: _Estimate(0.002))

    @property
    def run(self) -> float:
        """What a run for one step costs, in seconds."""
        return self._run.seconds

    @property
    def effect(self) -> float:
        """What an effect costs among many, in seconds."""
        return self._effect.seconds

    def ran(self, seconds: float) -> None:
        """A run for one step took so long."""
        self._run.learn(seconds)

    def carried(self, effects: int, seconds: float) -> None:
        """So many effects among many took so long, without what their run itself costs."""
        if effects:
            self._effect.learn(seconds / effects)

    def is_quiet(self, steps: int, waited: float) -> bool:
        """Whether each of so many steps can have a run of its own, and the last of them still be prompt.

        ``waited``: for how many seconds the oldest of them has waited already; that is the backlog's age.
        """
        return waited + steps * self.run <= _PROMPT or (steps == 1 and waited <= _PROMPT)

    def claim(self) -> int:
        """How many effects to take at once."""
        return max(_FEWEST, min(_MOST, round(_BATCH / self.effect)))
