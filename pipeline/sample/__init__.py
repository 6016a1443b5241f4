"""The embedded sample: a small release of selected codes, for trying the pipeline without CMS's files.

``builder`` writes the release from the tables beside it; it is no part of an installed package.
"""

from pathlib import Path

SAMPLE = Path(__file__).parent
SAMPLE_BUNDLE = SAMPLE / "rvu25d-sample"
