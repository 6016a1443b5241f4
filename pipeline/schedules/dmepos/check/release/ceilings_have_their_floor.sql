-- severity: error above 0.5%
-- An item has a floor exactly where it has a ceiling: 85% of it, or 75% for prosthetics, orthotics and therapeutic shoes.
-- source: DMEPOS25Q1: 1,238 of 1,238 items at 85%, half up to cents; 967 of 969 at 75% within a cent, not K1007 and Q0480
-- payment: none by itself; it proves which column is which.
select 'dmepos' as file_kind, min(source_line) as source_line,
  format('{} ({}): the floor is {} and the ceiling {}', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')), category, coalesce(floor::varchar, 'blank'), coalesce(ceiling::varchar, 'blank')) as finding
from stage.dmepos
group by hcpcs_code, modifier, modifier2, category, ceiling, floor
having (coalesce(ceiling, 0) > 0) <> (coalesce(floor, 0) > 0)
  or case when category in ('PO', 'TS') then abs(floor - 0.75 * ceiling) > 0.01 else floor <> round(0.85 * ceiling, 2) end
