"""What the Physician Fee Schedule has of a code in detail: RVUs, payments and rank, for people."""

from pipeline.cli.query import aligned

NOT_RANKED = {
    "no_work": "not ranked by work RVU: it is paid, but has no physician work",
    "carrier_priced": "not ranked by work RVU: the carrier sets its price",
    "not_payable": "not ranked by work RVU: it is not paid from RVUs of its own",
}


def detail_lines(found: dict) -> list[str]:
    """The lines on what ``look_up`` found."""
    return [
        *_heading(found),
        "",
        *aligned(*_rvu_table(found["rvu"])),
        "",
        *aligned(*_payment_table(found["payment"])),
        "",
        *_sentences(found),
    ]


def _heading(found: dict) -> list[str]:
    release, place = found["release"], found["place"]
    lines = [
        f"Physician Fee Schedule, release {release['release_id']}, in force "
        f"{release['effective_from']} to {release['effective_to']} ({found['rvu'][0]['section']})"
    ]
    if not release["is_current"]:
        lines.append(
            f"note: this is {release['posting_id']}, which {release['superseded_by']} replaced"
        )
    if place:
        name = f"{place['mac']}-{place['locality_number']} {place['locality_name']}".rstrip()
        lines += [f"in {name}", *(f"note: {note}" for note in place["notes"])]
    return lines


def _rvu_table(rvu: list[dict]) -> tuple[list[str], list[tuple]]:
    names = ["mod", "status", "work", "pe office", "pe facility", "mp", "total office", "total facility", "global"]  # fmt: skip
    columns = [
        "modifier", "status_code", "work_rvu", "nonfacility_pe_rvu", "facility_pe_rvu", "mp_rvu",
        "nonfacility_total_rvu", "facility_total_rvu", "global_days",
    ]  # fmt: skip
    return names, [tuple(row[name] for name in columns) for row in rvu]


def _payment_table(payment: list[dict]) -> tuple[list[str], list[tuple]]:
    """One row per modifier, class and setting; the last column says what is particular."""
    names = ["mod", "class", "setting", "fee", "payment", "limiting charge", "remarks"]
    rows = []
    for row in payment:
        for setting, words in (("nonfacility", "office"), ("facility", "facility")):
            amounts = tuple(row[f"{setting}_{x}"] for x in ("fee", "payment", "limiting_charge"))
            place = (row["modifier"], row["conversion_factor_class"], words)
            rows.append((*place, *amounts, _remarks(row, setting)))
    return names, rows


def _remarks(row: dict, setting: str) -> str:
    remarks = [] if row["price_status"] == "priced" else [row["price_status"]]
    if row[f"{setting}_na"]:
        remarks.append("NA: rarely or never done here")
    fee, payment = row[f"{setting}_fee"], row[f"{setting}_payment"]
    if fee is not None and payment < fee:
        remarks.append("capped at the OPPS amount")
    ceiling, reference = row[f"opps_ceiling_{setting}"], row[f"reference_{setting}_amount"]
    if ceiling is not None:
        remarks.append(f"ceiling {ceiling}")
    if reference is not None:
        remarks.append(f"not paid; its RVUs would give {reference}")
    return "; ".join(remarks)


def _sentences(found: dict) -> list[str]:
    sentences = [f"status {code}: {meaning}" for code, meaning in found["status"].items()]
    reasons = sorted({row["price_status"] for row in found["payment"]} - {"priced"})
    sentences += [f"{reason}: {found['price_status'][reason]}" for reason in reasons]
    units, place = found["anesthesia_base_units"], found["place"]
    if units:
        factor = place["anesthesia_conversion_factor"] if place else None
        times = f"; {factor} dollars a unit here" if factor else ""
        sentences.append(f"base units: {units['base_units']} ({units['calendar_year']}){times}")
    return [*sentences, _rank_sentence(found["work_rvu_rank"])]


def _rank_sentence(rank: dict) -> str:
    if rank["rank_status"] in NOT_RANKED:
        return NOT_RANKED[rank["rank_status"]]
    figures = (
        f"work RVU {rank['work_rvu']} among {rank['peer_count']} payable codes with work in "
        f"{rank['section']}: median {rank['median_work_rvu']:.2f}, highest "
        f"{rank['max_work_rvu']} ({rank['max_hcpcs_code']})"
    )
    if rank["rank_status"] == "few_peers":
        return f"{figures}; too few for a percentile"
    return f"{figures}, percentile {rank['percentile']:.0f}"
