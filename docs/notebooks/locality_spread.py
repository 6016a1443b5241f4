# %% [markdown]
# # How much payments vary by locality
#
# Payments differ between localities only through the three GPCIs. This notebook finds the codes whose
# payment varies most, and shows that the order of localities follows from the GPCIs.
#
# `python docs/notebooks/locality_spread.py [warehouse]`

# %%
import sys
from pathlib import Path

import duckdb

warehouse = Path(sys.argv[1] if len(sys.argv) > 1 else "warehouse")
con = duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True)

# %% [markdown]
# ## The release
#
# The latest one that came with its GPCIs; without them no locality has a price.

# %%
release = con.sql("""
    select arg_max(release_id, effective_from) from release join locality using (release_id)
    where work_gpci is not null
""").fetchall()[0][0]
print(f"release {release}")

# %% [markdown]
# ## Which codes vary most
#
# The ratio of the highest to the lowest facility payment over all localities. Codes that are cheap
# everywhere say little, so only payments of $20 or more count.

# %%
spread = con.execute(
    """
    select hcpcs_code, modifier, min(facility_payment) as lowest, max(facility_payment) as highest,
      round(max(facility_payment) / min(facility_payment), 3) as ratio
    from payment_locality
    where release_id = ? and is_default_class and price_status = 'priced'
    group by hcpcs_code, modifier
    having min(facility_payment) >= 20
    order by ratio desc, hcpcs_code, modifier
    limit 5
    """,
    [release],
).fetchall()
for code, modifier, lowest, highest, ratio in spread:
    print(f"{code} {modifier:2}  {lowest:>9} to {highest:>9}  ratio {ratio}")

# %% [markdown]
# ## Where one code is paid most and least
#
# Names are labels only: CMS spells them differently from file to file. MAC and locality number are the key.

# %%
places = con.execute(
    """
    select l.mac, l.locality_number, l.locality_name, l.work_gpci, l.pe_gpci, l.mp_gpci,
      p.facility_payment
    from payment_locality p
    join locality l using (release_id, mac, locality_number)
    where p.release_id = ? and p.is_default_class and p.hcpcs_code = '99291' and p.modifier = ''
    order by p.facility_payment desc, l.mac, l.locality_number
    """,
    [release],
).fetchall()
for mac, number, name, work, expense, malpractice, payment in places[:3] + places[-3:]:
    print(f"{payment:>8}  work {work} pe {expense} mp {malpractice}  {mac}-{number} {name}")

# %% [markdown]
# ## The order follows from the GPCIs
#
# Weighted with the code's own RVUs, the GPCIs give the same order as the payments.

# %%
work, expense, malpractice = con.execute(
    "select work_rvu, facility_pe_rvu, mp_rvu from rvu "
    "where release_id = ? and hcpcs_code = '99291' and modifier = ''",
    [release],
).fetchall()[0]


def weight(place: tuple) -> object:
    """The weighted indices of a place."""
    return work * place[3] + expense * place[4] + malpractice * place[5]


by_weight = [place[6] for place in sorted(places, key=weight, reverse=True)]
assert by_weight == [place[6] for place in places], "a locality is out of order"
print(f"{len(places)} localities stand in the order of their weighted indices.")
