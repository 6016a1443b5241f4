"""Files of claim lines written as text, and what came of each line."""

HEADS = (
    "claim_id", "claim_line_number", "date_of_service", "hcpcs_code", "modifier_1", "units", "place_of_service",
    "service_zip_code",
)  # fmt: skip
VISIT, CHEST, CHEST_READING = "104.48", "33.36", "11.56"
FIRST_HOUR = ("A", "1", "2025-10-02", "99291", "", "1", "21", "94110")


def text(*lines: tuple | list, heads: tuple = HEADS, delimiter: str = ",") -> str:
    return "".join(delimiter.join(map(str, line)) + "\n" for line in [heads, *lines])


def amounts(lines: list[dict[str, str]]) -> list[str]:
    """The amount of each line, or what of it was not understood, or why it has no price."""
    return [x["allowed_amount"] or x["not_understood"] or x["reason"] for x in lines]


def first_hours(**said: list) -> list[list]:
    """First hours of critical care in a hospital (229.88), which differ in one column."""
    [(column, values)] = said.items()
    place = HEADS.index(column)
    return [
        [f"{n}", *FIRST_HOUR[1:place], value, *FIRST_HOUR[place + 1 :]]
        if place
        else [value, *FIRST_HOUR[1:]]
        for n, value in enumerate(values)
    ]
