"""Rows of CMS's file of ambulance fees, made in the shape that a public source tells."""

# Three amounts agree with the formula of the release beside, the urban one of A0427 does not.
FLORIDA = """
    09102 99 A0425 n/a  n/a   9.15     9.33    9.42    n/a    14.14
    09102 99 A0426 1.20 0.956 341.47   337.57  340.88  417.92 n/a
    09102 99 A0427 1.90 0.956 540.66   534.50  539.73  661.71 n/a
    09102 99 A0428 1.00 0.956 284.56   281.31  284.07  348.27 n/a
    09102 99 A0431 1.00 0.956 4,500.00 4401.00 6601.50 n/a    n/a
"""


def file_rows(text: str = FLORIDA) -> list[list[str]]:
    return [line.split() for line in text.strip().splitlines()]
