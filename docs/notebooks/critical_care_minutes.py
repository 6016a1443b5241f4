# %% [markdown]
# # Critical care minutes: what two ways of counting are worth
#
# Under the code set and under Medicare the add-on code starts at different minutes. This notebook
# reads both rules from `time_unit`, prices the units with the latest release, and shows where they differ.
#
# Run it as a script, or cell by cell in an editor that knows `# %%`:
# `python docs/notebooks/critical_care_minutes.py [warehouse]`

# %%
import sys
from pathlib import Path

import duckdb

warehouse = Path(sys.argv[1] if len(sys.argv) > 1 else "warehouse")
con = duckdb.connect(str(warehouse / "fee_schedule.duckdb"), read_only=True)

# %% [markdown]
# ## The rules and their sources

# %%
rules = con.sql("""
    select payer, effective_from, hcpcs_code, first_minute, minutes_per_unit, evidence, source
    from time_rule
    where code_family = 'critical_care'
    order by payer, effective_from, hcpcs_code
""")
for payer, since, code, first, step, evidence, source in rules.fetchall():
    again = f", again every {step} minutes" if step else ""
    print(f"{payer:9} since {since}  {code} from minute {first}{again}  [{evidence}] {source[:60]}")

# %% [markdown]
# ## Units and value for every half hour of a day
#
# The value is Medicare's national facility payment in the latest release. Other payers set their
# own amounts for the same units.

# %%
values = con.sql("""
    with counted as (
      select minute, payer, u.hcpcs_code, u.units, u.units * p.facility_payment as value
      from (select unnest([30, 60, 75, 90, 104, 120, 134, 150, 164, 180]) as minute)
      join time_unit u
        on u.code_family = 'critical_care' and u.effective_to is null
        and minute between u.first_minute and u.last_minute
      join payment_national_current p on p.hcpcs_code = u.hcpcs_code and p.modifier = ''
    )
    select minute,
      max(units) filter (payer = 'cpt' and hcpcs_code = '99292') as units_cpt,
      max(units) filter (payer = 'medicare' and hcpcs_code = '99292') as units_medicare,
      sum(value) filter (payer = 'cpt') as value_cpt,
      sum(value) filter (payer = 'medicare') as value_medicare
    from counted
    group by minute
    order by minute
""").fetchall()
print("minutes  99292 cpt  99292 medicare  value cpt  value medicare")
for minute, cpt, medicare, value_cpt, value_medicare in values:
    print(f"{minute:7}  {cpt or 0:9}  {medicare or 0:14}  {value_cpt:9}  {value_medicare:14}")

# %% [markdown]
# ## How many minutes of a day count differently

# %%
differing = [row for row in values if (row[1] or 0) != (row[2] or 0)]
print(f"Of these {len(values)} lengths {len(differing)} are counted differently.")
assert all(row[3] >= row[4] for row in values), "Medicare never counts more units than the code set"
