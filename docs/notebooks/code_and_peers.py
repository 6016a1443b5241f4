# %% [markdown]
# # A code among its peers, from the numbers up
#
# `work_rvu_rank` says where a code stands in its section. This notebook lists the
# peers and counts again, so you can check the percentile yourself.
#
# `python docs/notebooks/code_and_peers.py [warehouse] [code]`

# %%
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

warehouse = Path(sys.argv[1] if len(sys.argv) > 1 else "warehouse")
code = sys.argv[2] if len(sys.argv) > 2 else "92950"
con = duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True)

# %% [markdown]
# ## What it is
#
# A description in our own words, if we have annotated the code.

# %%
own_words = con.execute(
    "select annotation_text from annotation "
    "where subject = ? and language = 'en' and annotation_kind = 'plain_language'",
    [code],
).fetchall()
print(own_words[0][0] if own_words else f"{code} is not annotated.")

# %% [markdown]
# ## Its peers
#
# Codes of the section that Medicare pays from RVUs (status A, R or T), with work above zero, one
# value for each code: the row without modifier, or the 26 row where that has none.

# %%
peers = con.execute(
    """
    with section as (select any_value(section) as section from rvu_current where hcpcs_code = $code)
    select hcpcs_code, coalesce(
        max(work_rvu) filter (modifier = '' and work_rvu > 0 and status_code in ('A', 'R', 'T')),
        max(work_rvu) filter (modifier = '26' and work_rvu > 0 and status_code in ('A', 'R', 'T'))
      ) as work_rvu
    from rvu_current
    where section = (from section)
    group by hcpcs_code
    having work_rvu is not null
    order by work_rvu, hcpcs_code
    """,
    {"code": code},
).fetchall()
work = dict(peers)[code]
below = sum(value < work for _, value in peers)
equal = sum(value == work for _, value in peers)
print(
    f"{len(peers)} peers: {below} below {work}, {equal} equal, {len(peers) - below - equal} above"
)

# %% [markdown]
# ## The percentile, by hand and from the database

# %%
by_hand = Decimal(100) * (Decimal(below) + Decimal(equal) / 2) / Decimal(len(peers))
by_hand = by_hand.quantize(Decimal("0.0001"), ROUND_HALF_UP)
rank = con.execute(
    "select percentile, peer_count, median_work_rvu, max_work_rvu, max_hcpcs_code "
    "from work_rvu_rank join release using (release_id) where is_latest and hcpcs_code = ?",
    [code],
).fetchall()[0]
print(f"percentile by hand {by_hand}, in the warehouse {rank[0]}")
assert (by_hand, len(peers)) == rank[:2], "the warehouse counts differently"

# %% [markdown]
# ## Its nearest neighbors

# %%
place = [peer for peer, _ in peers].index(code)
for peer, value in peers[max(place - 3, 0) : place + 4]:
    print(f"{'>' if peer == code else ' '} {peer}  {value}")
