-- severity: warning
-- The table of fees has codes with A, E, K, L, Q and V, and that of the areas with A, E, K and L: one that was cut off at the end of a line lacks the last ones.
-- source: DMEPOS25Q1: every letter, from 77 codes (Q) to 1,631 (E), and of the areas from 23 (L) to 456 (E)
-- payment: of a code that is missing no fee is known, and in a former bidding area that of the state stands.
with expected as (
  select 'dmepos' as file_kind, unnest(['A', 'E', 'K', 'L', 'Q', 'V']) as initial
  union all
  select 'dme_cba', unnest(['A', 'E', 'K', 'L'])
),
found as (
  select distinct 'dmepos' as file_kind, left(hcpcs_code, 1) as initial
  from stage.dmepos
  union all
  select distinct 'dme_cba', left(hcpcs_code, 1)
  from stage.dme_cba
)
select file_kind, null as source_line, format('it has no code that begins with {}: was the file cut off?', initial) as finding
from expected
semi join found using (file_kind)
anti join found using (file_kind, initial)
cross join this_release
where not is_sample
