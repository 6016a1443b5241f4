"""The payment rules of the Physician Fee Schedule, each in a table that a reader can check."""

from tests.helpers.small import answer, release, rows

PLAIN_PLACE = """
    mac    loc  gw     gpe    gmp
    01112  05   1.000  1.000  1.000
"""


def national(con, columns: str) -> list[dict[str, str]]:
    return answer(con, f"SELECT hcpcs_code, modifier, {columns} FROM payment_national ORDER BY ALL")


def local(con, columns: str) -> list[dict[str, str]]:
    return answer(con, f"SELECT hcpcs_code, modifier, {columns} FROM payment_locality ORDER BY ALL")


def test_fee_is_the_sum_of_three_products_times_the_factor_rounded_once():
    """92950 in October 2025: (4.00 + 5.16 + 0.43) x 32.3465 = 310.2029... -> 310.20."""
    con = release("""
        code   work  nf_pe  f_pe  mp
        92950  4.00  5.16   1.00  0.43
    """)
    assert national(con, "nonfacility_fee, facility_fee") == rows("""
        code   mod  nonfacility_fee  facility_fee
        92950  -    310.20           175.64
    """)


def test_each_part_is_multiplied_with_its_own_index():
    con = release(
        """
        code   work  nf_pe  f_pe  mp
        99291  4.50  3.27   1.42  0.44
        """,
        """
        mac    loc  gw     gpe    gmp
        01112  05   1.082  1.374  0.391
        """,
    )
    # 4.50 x 1.082 + 3.27 x 1.374 + 0.44 x 0.391 = 9.53402; x 32.3465 = 308.3921...
    # 4.50 x 1.082 + 1.42 x 1.374 + 0.44 x 0.391 = 6.99212; x 32.3465 = 226.1706...
    assert local(con, "nonfacility_fee, facility_fee") == rows("""
        code   mod  nonfacility_fee  facility_fee
        99291  -    308.39           226.17
    """)


def test_half_a_cent_is_rounded_up():
    """0.20 x 32.0250 = 6.405 exactly: half up gives 6.41, half even would give 6.40."""
    con = release("""
        code   work  conversion_factor
        99291  0.20  32.0250
    """)
    assert national(con, "nonfacility_fee") == rows("""
        code   mod  nonfacility_fee
        99291  -    6.41
    """)


def test_the_sum_is_not_rounded_before_it_meets_the_factor():
    """0.11 x 1.045 = 0.11495: rounded first it would be 0.11 RVU and 3.56 dollars."""
    con = release(
        """
        code   work
        99291  0.11
        """,
        """
        mac    loc  gw     gpe    gmp
        01112  05   1.045  1.000  1.000
        """,
    )
    assert local(con, "nonfacility_fee") == rows("""
        code   mod  nonfacility_fee
        99291  -    3.72
    """)


def test_work_of_2007_and_2008_is_paid_times_the_adjustor_of_the_year():
    """4.50 x 0.8994 = 4.0473 -> 4.05; (4.05 + 3.27 + 0.44) x 37.8975 = 294.0846."""
    values = """
        code   work  nf_pe  mp    conversion_factor
        99291  4.50  3.27   0.44  37.8975
    """
    amounts = {}
    for year in (2006, 2007, 2008):
        con = release(values, year=year)
        [row] = con.sql(
            "SELECT work_rvu, paid_work_rvu, nonfacility_fee FROM rvu JOIN payment_national "
            "USING (release_id, hcpcs_code, modifier)"
        ).fetchall()
        amounts[year] = " ".join(map(str, row))
    assert amounts == {
        2006: "4.50 4.50 311.14",
        2007: "4.50 4.05 294.08",
        2008: "4.50 3.96 290.67",
    }


def test_price_status_follows_from_the_status_and_whether_there_are_rvus():
    con = release("""
        code   st  work
        99201  A   1.00
        99202  R   1.00
        99203  T   1.00
        99204  R   0
        99205  C   0
        99206  B   1.00
        99207  P   0
        99208  N   1.00
        99209  I   0
        99210  X   0
        99211  J   0
        99212  E   0
        99213  M   0
        99214  X   1.00
        99215  G   0
        99216  Q   0
        99217  D   0
        99218  F   1.00
        99219  H   0
    """)
    assert national(con, "price_status, nonfacility_fee, reference_nonfacility_amount") == rows("""
        code   mod  price_status    nonfacility_fee  reference_nonfacility_amount
        99201  -    priced            32.35          NULL
        99202  -    priced            32.35          NULL
        99203  -    priced            32.35          NULL
        99204  -    carrier_priced    NULL           NULL
        99205  -    carrier_priced    NULL           NULL
        99206  -    bundled           NULL           32.35
        99207  -    bundled           NULL           NULL
        99208  -    not_covered       NULL           32.35
        99209  -    use_another_code  NULL           NULL
        99210  -    other_benefit     NULL           NULL
        99211  -    anesthesia        NULL           NULL
        99212  -    other_benefit     NULL           NULL
        99213  -    reporting_only    NULL           NULL
        99214  -    other_benefit     NULL           32.35
        99215  -    use_another_code  NULL           NULL
        99216  -    reporting_only    NULL           NULL
        99217  -    not_valid         NULL           NULL
        99218  -    not_valid         NULL           32.35
        99219  -    not_valid         NULL           NULL
    """)


def test_opps_cap_lowers_the_payment_and_leaves_the_fee():
    """The OPPS amount has the row's own work and CMS's OPPS values for PE and malpractice."""
    con = release("""
        code   mod  work  nf_pe  f_pe  mp    opps_pe  opps_mp
        70496  -    1.00  8.00   8.00  0.10  4.00     0.05
        70496  26   1.00  0.50   0.50  0.05  0        0
        70496  TC   0     7.50   7.50  0.05  4.00     0.05
        71275  -    1.00  2.00   2.00  0.10  4.00     0.05
    """)
    columns = "nonfacility_fee, nonfacility_payment, facility_payment, opps_cap_applies"
    assert national(con, columns) == rows("""
        code   mod  nonfacility_fee  nonfacility_payment  facility_payment  opps_cap_applies
        70496  -    294.35           163.35               163.35            True
        70496  26   50.14            50.14                50.14             False
        70496  TC   244.22           131.00               131.00            True
        71275  -    100.27           100.27               100.27            False
    """)


def test_ceiling_of_a_carrier_priced_whole_service_uses_the_work_of_its_26_row():
    """70170: the whole service (C) has no work, its 26 row has 0.43 (pfs-rules 3.2)."""
    con = release("""
        code   mod  st  work  nf_pe  mp    opps_pe  opps_mp
        70170  -    C   0     0      0     10.00    0.02
        70170  26   A   0.43  0.15   0.02  0        0
        70170  TC   C   0     0      0     10.00    0.02
    """)
    # (0.43 + 10.00 + 0.02) x 32.3465 = 338.02...; without the work 324.11...
    columns = "price_status, nonfacility_payment, opps_ceiling_nonfacility, opps_ceiling_facility"
    assert national(con, columns) == rows("""
        code   mod  price_status    nonfacility_payment  opps_ceiling_nonfacility  opps_ceiling_facility
        70170  -    carrier_priced  NULL                 338.02                    338.02
        70170  26   priced          19.41                NULL                      NULL
        70170  TC   carrier_priced  NULL                 324.11                    324.11
    """)


def test_na_flag_stands_beside_the_amount_and_removes_nothing():
    con = release("""
        code   work  nf_pe  f_pe  nonfacility_na
        33952  8.15  2.00   2.00  NA
    """)
    assert national(con, "nonfacility_na, nonfacility_payment") == rows("""
        code   mod  nonfacility_na  nonfacility_payment
        33952  -    True            328.32
    """)


def test_limiting_charge_is_109_25_percent_of_the_payment():
    con = release("""
        code   work
        99291  4.50
    """)
    # 4.50 x 32.3465 = 145.56 (rounded); x 1.0925 = 159.0243.
    assert national(con, "nonfacility_payment, nonfacility_limiting_charge") == rows("""
        code   mod  nonfacility_payment  nonfacility_limiting_charge
        99291  -    145.56               159.02
    """)


def test_2026_has_two_factors_of_which_one_is_the_default():
    con = release(
        """
        code   work  conversion_factor  pricing_indicator
        99291  1.00  33.4009            9
        """,
        year=2026,
        qpp="""
        code   work  conversion_factor  pricing_indicator
        99291  1.00  33.5675            1
        """,
    )
    columns = "conversion_factor_class, is_default_class, nonfacility_fee"
    assert national(con, columns) == rows("""
        code   mod  conversion_factor_class  is_default_class  nonfacility_fee
        99291  -    nonqp                    True              33.40
        99291  -    qp                       False             33.57
    """)


def test_a_code_missing_in_the_qpp_file_is_still_a_code_of_the_qp_class():
    """The QPP file holds payable rows only: absence there says nothing (pfs-rules 1.2)."""
    con = release(
        """
        code   st  work  conversion_factor
        99291  A   1.00  33.4009
        99285  X   0     33.4009
        """,
        year=2026,
        qpp="""
        code   st  work  conversion_factor
        99291  A   1.00  33.5675
        """,
    )
    assert national(con, "conversion_factor_class, price_status") == rows("""
        code   mod  conversion_factor_class  price_status
        99285  -    nonqp                    other_benefit
        99285  -    qp                       other_benefit
        99291  -    nonqp                    priced
        99291  -    qp                       priced
    """)


def test_the_qp_class_is_capped_with_the_opps_values_of_its_own_file():
    """CMS restates them so that the cap is the same dollars under either factor (pfs-rules 10.4).

    The OPPS values are those of 71046 and 71046-TC in RVU26A; the codes are dearer than the X-ray,
    so that the cap binds, and the carrier-priced one has them as its ceiling.
    """
    values = """
        code   mod  st  work  nf_pe  mp    opps_pe  opps_mp  conversion_factor  pricing_indicator
        70496  -    A   0.21  5.00   0.05  {0}      0.05     {1}                {2}
        70496  26   A   0.21  0.50   0.01  0        0        {1}                {2}
        70496  TC   A   0     4.50   0.04  {3}      0.04     {1}                {2}
        70170  TC   C   0     0      0     {3}      0.04     {1}                {2}
    """
    con = release(
        values.format("2.70", "33.4009", "9", "2.62"),
        "mac loc gw gpe gmp\n01112 05 1.000 1.100 1.000",
        year=2026,
        qpp=values.format("2.69", "33.5675", "1", "2.61"),
    )
    columns = "conversion_factor_class, nonfacility_payment, opps_ceiling_facility"
    # 2.66 x 33.4009 = 88.8464 and 2.65 x 33.5675 = 88.9539; 2.66 x 33.5675 would be 89.29.
    assert national(con, columns) == rows("""
        code   mod  conversion_factor_class  nonfacility_payment  opps_ceiling_facility
        70170  TC   nonqp                    NULL                 88.85
        70170  TC   qp                       NULL                 88.95
        70496  -    nonqp                    98.87                NULL
        70496  -    qp                       99.02                NULL
        70496  26   nonqp                    24.05                NULL
        70496  26   qp                       24.17                NULL
        70496  TC   nonqp                    88.85                NULL
        70496  TC   qp                       88.95                NULL
    """)
    # (2.61 x 1.1 + 0.04) x 33.5675 = 97.7149...
    assert [x for x in local(con, columns) if x["modifier"] == "TC"] == rows("""
        code   mod  conversion_factor_class  nonfacility_payment  opps_ceiling_facility
        70170  TC   nonqp                    NULL                 97.60
        70170  TC   qp                       NULL                 97.71
        70496  TC   nonqp                    97.60                NULL
        70496  TC   qp                       97.71                NULL
    """)


def test_without_a_gpci_file_localities_have_a_reason_and_no_amount():
    con = release("""
        code   st  work
        99291  A   4.50
        33999  C   0
    """)
    counted = answer(
        con,
        "SELECT hcpcs_code, price_status, count(*) AS n, count(nonfacility_fee) AS fees, "
        "count(nonfacility_payment) AS payments FROM payment_locality GROUP BY ALL ORDER BY ALL",
    )
    assert counted == [
        {"hcpcs_code": "33999", "price_status": "carrier_priced", "n": "109", "fees": "0", "payments": "0"},
        {"hcpcs_code": "99291", "price_status": "gpci_missing", "n": "109", "fees": "0", "payments": "0"},
    ]  # fmt: skip


def test_locality_keys_without_a_gpci_file_come_from_the_next_file_that_has_them():
    con = release(
        """
        code   work
        99291  4.50
        """,
        anes="""
        mac    loc  anesthesia_conversion_factor
        10112  00   19.31
        """,
    )
    columns = "mac, locality_number, anesthesia_conversion_factor, gpci_status"
    assert answer(con, f"SELECT {columns} FROM locality") == [
        {
            "mac": "10112",
            "locality_number": "00",
            "anesthesia_conversion_factor": "19.31",
            "gpci_status": "missing",
        }
    ]


def test_a_locality_is_told_by_mac_and_number_together():
    """Locality 00 exists under many MACs; a join by the number alone would double rows."""
    con = release(
        """
        code   work
        99291  1.00
        """,
        """
        mac    loc  gw     gpe    gmp
        06302  00   1.000  1.000  1.000
        10112  00   1.100  1.000  1.000
        """,
    )
    assert answer(con, "SELECT mac, locality_number, nonfacility_fee FROM payment_locality ORDER BY ALL") == [
        {"mac": "06302", "locality_number": "00", "nonfacility_fee": "32.35"},
        {"mac": "10112", "locality_number": "00", "nonfacility_fee": "35.58"},
    ]  # fmt: skip
