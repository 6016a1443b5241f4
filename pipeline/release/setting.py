"""Settings: whose claims edits are for, where tables of several settings are in force side by side."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pipeline.release.quarter import Missing, Quarterly, is_held, quarter_of


@dataclass(frozen=True)
class Setting:
    """One setting: ``suffix`` ends the names of its releases (MUE26Q2P), ``words`` name it in a text."""

    name: str
    suffix: str
    people: str
    words: re.Pattern[str]


class Settings(tuple[Setting, ...]):
    """The settings of one kind of edits."""

    def named_in(self, text: str) -> Setting | None:
        """The setting that a name or a head names; None where it names none, or several."""
        named = [setting for setting in self if setting.words.search(text)]
        return named[0] if len(named) == 1 else None

    def suffix_in(self, text: str) -> str:
        """What ends the name of a release of the setting that a text names, '' where it names none."""
        setting = self.named_in(text)
        return setting.suffix if setting else ""

    def missing_release(
        self, edits: Quarterly, releases: Iterable[dict], today: date
    ) -> Missing | None:
        """What is missing where a setting of which the warehouse holds edits has none of that day, else None."""
        held = list(releases)
        release_id = edits.release_id(today.year, quarter_of(today))
        missing, late = [], []
        for setting in self:
            of_setting = [x for x in held if x["release_id"].endswith(setting.suffix)]
            if of_setting and not is_held(of_setting, today):
                missing.append(release_id + setting.suffix)
                late += of_setting
        return edits.missing(missing, late, today) if missing else None
