"""Which add-on codes CMS should have posted by now: a release each quarter."""

from pipeline.release.quarter import Quarterly

EDITS = Quarterly("AOC", "Add-on Code Edits", "Medicare NCCI Add-on Code Edits")

missing_release = EDITS.missing_release
