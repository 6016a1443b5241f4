"""The embedded sample: small releases of selected codes, for trying the pipeline without CMS's files.

``builder`` writes the releases from the tables beside it; it is no part of an installed package.
"""

from pathlib import Path

SAMPLE = Path(__file__).parent
SAMPLE_BUNDLE = SAMPLE / "rvu25d-sample"
LAB_BUNDLE = SAMPLE / "clfs25q4-sample"
MUE_BUNDLE = SAMPLE / "mue26q2-sample"
ASC_BUNDLE = SAMPLE / "asc25q1-sample"
ASP_BUNDLE = SAMPLE / "asp25q3-sample"
DMEPOS_BUNDLE = SAMPLE / "dmepos25q1-sample"
NDC_BUNDLE = SAMPLE / "ndc25q3-sample"
OPPS_BUNDLE = SAMPLE / "opps25q3-sample"
OPPS_RULE_BUNDLE = SAMPLE / "opps25fr-sample"
HCPCS_BUNDLE = SAMPLE / "hcpcs25q4-sample"
AOC_BUNDLE = SAMPLE / "aoc26q2-sample"
NCCI_BUNDLE = SAMPLE / "ncci26q2-sample"
RBCS_BUNDLE = SAMPLE / "rbcs25ry-sample"
SAMPLE_BUNDLES = (
    SAMPLE_BUNDLE, LAB_BUNDLE, MUE_BUNDLE, ASC_BUNDLE, ASP_BUNDLE, DMEPOS_BUNDLE, NDC_BUNDLE, OPPS_BUNDLE, OPPS_RULE_BUNDLE,
    HCPCS_BUNDLE, RBCS_BUNDLE, AOC_BUNDLE, NCCI_BUNDLE,
)  # fmt: skip
