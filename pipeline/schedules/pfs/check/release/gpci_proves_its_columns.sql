-- severity: error
-- The indices are those of their columns and rows: work near 1, practice expense at least 1 in the frontier states, malpractice widely spread, Virgin Islands as Puerto Rico, and the floor where both work columns are shown.
-- source: pfs-rules 10.2. Columns or rows that are exchanged or shifted break at least one of these. Until 2016 Puerto Rico had indices of its own, the lowest of work and practice expense; since 2017 it has those of the Virgin Islands.
-- payment: every locality amount is computed from the indices, and CMS breaks none of this in any file seen.
with gpci as (
  -- Fewer rows are no file of CMS's, and prove nothing of its columns.
  select gpci.*, upper(locality_name) as place from stage.gpci as gpci, this_release
  where (select count(*) from stage.gpci) >= 50
    and (calendar_year >= 2017 or upper(locality_name) not like 'PUERTO RICO%')
),
spread as (
  select min(mp_gpci) as lowest, max(mp_gpci) as highest, min(pe_gpci) as lowest_pe, max(pe_gpci) as highest_pe
  from gpci having count(*) > 0
)
select 'gpci' as file_kind, source_line,
  format('{}-{} has the work index {}, where all but Alaska lie between 0.93 and 1.2', mac, locality_number, work_gpci::varchar) as finding
from gpci where place not like 'ALASKA%' and work_gpci not between 0.93 and 1.2
union all
select 'gpci', source_line,
  format('{}-{} has the practice expense index {}, where frontier states have 1.000 or more', mac, locality_number, pe_gpci::varchar)
from gpci, this_release
where regexp_matches(place, '^(MONTANA|NEVADA|NORTH DAKOTA|SOUTH DAKOTA|WYOMING)\b')
  and pe_gpci < 1 and this_release.calendar_year >= 2011
union all
select 'gpci', null,
  format('the malpractice indices lie between {} and {}, where they spread from below 0.7 to above 1.3', lowest, highest)
from spread where lowest >= 0.7 or highest <= 1.3
union all
select 'gpci', null,
  format('the practice expense indices lie between {} and {}, where they stay within 0.7 and 1.8', lowest_pe, highest_pe)
from spread where lowest_pe < 0.7 or highest_pe > 1.8
union all
select 'gpci', islands.source_line,
  format('the Virgin Islands have {}, {}, {} and Puerto Rico {}, {}, {}, where both have the same indices',
    islands.work_gpci, islands.pe_gpci, islands.mp_gpci, rico.work_gpci, rico.pe_gpci, rico.mp_gpci)
from gpci as islands join gpci as rico on islands.place like 'VIRGIN ISLANDS%' and rico.place like 'PUERTO RICO%'
where (islands.work_gpci, islands.pe_gpci, islands.mp_gpci) <> (rico.work_gpci, rico.pe_gpci, rico.mp_gpci)
union all
select 'gpci', source_line,
  format('{}-{} has the work index {} with the floor of 1.0 and {} without it', mac, locality_number, work_gpci::varchar, work_gpci_without_floor::varchar)
from gpci where work_gpci_without_floor is not null and work_gpci <> greatest(work_gpci_without_floor, 1)
