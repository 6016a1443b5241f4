"""The payment formula of the Physician Fee Schedule.

Source: RVU25D.pdf, CMS's documentation of the October 2025 release, p.2-3. An amount is the sum
of work, practice expense and malpractice RVUs, each times the index (GPCI) of the locality, times
the conversion factor in dollars. It is rounded once, at the end.
"""

from decimal import ROUND_HALF_UP, Decimal

from pipeline.sample.builder.tables import Row

CENT = Decimal("0.01")


def fee(figure: Row, setting: str, locality: Row) -> Decimal:
    """Return the fee of a row of figures in dollars, before any cap.

    ``setting`` is ``nonfacility`` or ``facility``, here and below.
    """
    rvus = figure["work_rvu"], figure[f"{setting}_pe_rvu"], figure["mp_rvu"]
    return amount(rvus, locality, figure["conversion_factor"])


def cap(figure: Row, setting: str, locality: Row, work_rvu: str) -> Decimal:
    """Return the outpatient hospital amount in dollars that caps the fee of a row of figures."""
    rvus = work_rvu, figure[f"{setting}_opps_pe_rvu"], figure["opps_mp_rvu"]
    return amount(rvus, locality, figure["conversion_factor"])


def amount(rvus: tuple[str, str, str], locality: Row, conversion_factor: str) -> Decimal:
    """Return the amount in dollars of work, practice expense and malpractice in a locality."""
    gpcis = locality["work_gpci"], locality["pe_gpci"], locality["mp_gpci"]
    adjusted = sum(Decimal(rvu) * Decimal(gpci) for rvu, gpci in zip(rvus, gpcis, strict=True))
    return (adjusted * Decimal(conversion_factor)).quantize(CENT, ROUND_HALF_UP)
