"""Percentiles within a section: which codes count, with which value, and how ties stand."""

from functools import partial

from tests.helpers import small
from tests.helpers.small import answer, rows

# Ten codes of Medicine with work 1 to 10, so that percentiles are easy to see.
TEN_PEERS = "\n".join(f"960{i:02} - A {i}.00" for i in range(1, 11))
HEADING = "code mod st work\n"

release = partial(small.release, later=("work_rvu_rank", "payment_rank"))


def rank(con, code: str, columns: str) -> list[dict[str, str]]:
    return answer(con, f"SELECT {columns} FROM work_rvu_rank WHERE hcpcs_code = '{code}'")


def test_percentile_counts_those_below_and_half_of_those_equal():
    """Of ten peers 7 stands above 6 and beside itself: 100 x (6 + 1/2) / 10 = 65."""
    con = release(HEADING + TEN_PEERS)
    assert rank(con, "96007", "peer_count, percentile, median_work_rvu, ratio_to_median") == rows("""
        peer_count  percentile  median_work_rvu  ratio_to_median
        10          65.0000     5.5000           1.2727
    """)


def test_equal_codes_have_equal_percentiles():
    """Two codes at 7: 100 x (6 + 2/2) / 11 = 63.6364 for both."""
    con = release(HEADING + TEN_PEERS + "\n96020 - A 7.00")
    for code in ("96007", "96020"):
        assert rank(con, code, "percentile") == [{"percentile": "63.6364"}]


def test_percentile_is_rounded_half_up_at_the_fourth_decimal_only():
    """92950 in July 2026 has 607 of 686 below and two equal: 88.62973..., kept as 88.6297."""
    below = "\n".join(f"9{6000 + i} - A 1.00" for i in range(607))
    above = "\n".join(f"9{7000 + i} - A 5.00" for i in range(77))
    con = release(f"{HEADING}{below}\n{above}\n92950 - A 3.90\n92951 - A 3.90")
    assert rank(con, "92950", "peer_count, percentile") == rows("""
        peer_count  percentile
        686         88.6297
    """)


def test_the_26_row_stands_for_a_code_whose_whole_service_has_no_work():
    """61715 in October 2025: the whole service is carrier-priced, its 26 row has the work."""
    con = release(HEADING + TEN_PEERS + "\n96050 - C 0\n96050 26 A 36.47\n96050 TC C 0")
    assert rank(con, "96050", "rank_status, work_rvu, max_hcpcs_code") == rows("""
        rank_status  work_rvu  max_hcpcs_code
        ranked       36.47     96050
    """)


def test_a_divided_code_counts_once_and_with_its_whole_service():
    con = release(HEADING + TEN_PEERS + "\n96050 - A 3.00\n96050 26 A 3.00\n96050 TC A 0")
    assert rank(con, "96050", "rank_status, work_rvu, peer_count") == rows("""
        rank_status  work_rvu  peer_count
        ranked       3.00      11
    """)


def test_codes_that_medicare_does_not_pay_are_no_peers():
    con = release(
        HEADING + TEN_PEERS + "\n96050 - N 99.00\n96051 - B 99.00\n96052 - C 0\n96053 - A 0"
    )
    found = answer(
        con,
        "SELECT hcpcs_code, rank_status, peer_count, max_work_rvu FROM work_rvu_rank "
        "WHERE hcpcs_code >= '96050' ORDER BY ALL",
    )
    assert found == rows("""
        hcpcs_code  rank_status     peer_count  max_work_rvu
        96050       not_payable     10          10.00
        96051       not_payable     10          10.00
        96052       carrier_priced  10          10.00
        96053       not_payable     10          10.00
    """)


def test_a_payable_code_without_work_says_so():
    """Practice expense alone makes a price, but nothing to rank by work."""
    con = release("code st work nf_pe\n96050 A 0 1.00")
    assert rank(con, "96050", "rank_status, work_rvu, peer_count, percentile") == rows("""
        rank_status  work_rvu  peer_count  percentile
        no_work      NULL      0           NULL
    """)


def test_fewer_than_ten_peers_are_too_few_for_a_sentence():
    con = release(HEADING + "96001 - A 1.00\n96002 - A 2.00")
    assert rank(con, "96002", "rank_status, peer_count, percentile") == rows("""
        rank_status  peer_count  percentile
        few_peers    2           75.0000
    """)


def test_sections_do_not_mix():
    """99202 to 99499 are visits, not Medicine, although the numbers lie within its range."""
    con = release(HEADING + TEN_PEERS + "\n99291 - A 4.50\n10004 - A 1.00\n99100 - A 1.00")
    found = answer(
        con,
        "SELECT hcpcs_code, section, peer_count FROM work_rvu_rank "
        "WHERE hcpcs_code IN ('10004', '96001', '99100', '99291') ORDER BY ALL",
    )
    assert [tuple(row.values()) for row in found] == [
        ("10004", "Surgery", "1"),
        ("96001", "Medicine", "11"),
        ("99100", "Medicine", "11"),
        ("99291", "Evaluation and Management", "1"),
    ]


def test_quartiles_are_interpolated_and_not_cut_to_two_digits():
    """1, 2, 3, 4: a quarter of the way is 1.75; the median of two-digit values may have three."""
    con = release("code work\n96001 0.01\n96002 0.02\n96003 0.03\n96004 0.04")
    columns = "lower_quartile_work_rvu, median_work_rvu, upper_quartile_work_rvu"
    assert rank(con, "96001", columns) == rows("""
        lower_quartile_work_rvu  median_work_rvu  upper_quartile_work_rvu
        0.0175                   0.0250           0.0325
    """)


def test_payments_are_ranked_in_each_setting():
    peers = "\n".join(f"960{i:02} {i}.00 0 0" for i in range(1, 11))
    con = release(f"code work nf_pe f_pe\n{peers}\n96050 1.00 9.50 0")
    found = answer(
        con,
        "SELECT setting, payment, percentile FROM payment_rank WHERE hcpcs_code = '96050' ORDER BY ALL",
    )
    # Outside a facility it is the highest of eleven: 100 x (10 + 1/2) / 11; in one it is equal
    # to the lowest: 100 x (0 + 2/2) / 11.
    assert found == rows("""
        setting      payment  percentile
        facility     32.35    9.0909
        nonfacility  339.64   95.4545
    """)
