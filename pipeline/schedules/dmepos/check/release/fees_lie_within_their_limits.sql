-- severity: error
-- Every fee of a continental state lies within the ceiling and the floor of its item, where it has them.
-- source: DMEPOS25Q1: 2,207 of 2,207 items; Alaska, Hawaii, Puerto Rico and the Virgin Islands are free of them
-- The other islands (AS, FM, GU, MH, MP, PW) had no column in any file; they are not of the continent either.
-- payment: all of it, if an amount, a ceiling or a floor is that of another column.
select 'dmepos' as file_kind, min(source_line) as source_line,
  format('{}: {} to {} in continental states, but the floor is {} and the ceiling {}', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')), min(amount)::varchar, max(amount)::varchar, floor::varchar, ceiling::varchar) as finding
from stage.dmepos
where ceiling > 0 and amount > 0 and state not in ('AK', 'AS', 'FM', 'GU', 'HI', 'MH', 'MP', 'PR', 'PW', 'VI')
group by hcpcs_code, modifier, modifier2, ceiling, floor
having min(amount) < floor or max(amount) > ceiling
