-- severity: error
-- A short name of a former bidding area and a full one go together, and the short one ends with the state of the ZIP code.
-- source: DMEPOS25Q1: 130 of 130 names, 16,119 of 16,119 ZIP codes
-- payment: of areas that would be taken for others.
with named as (
  select
    zip_code, state, cba, cba_name, source_line,
    count(distinct cba_name) over (partition by cba) as names,
    count(distinct cba) over (partition by cba_name) as short_names
  from stage.dme_cba_zip
)
select 'dme_cba_zip' as file_kind, min(source_line) as source_line, format('{} in {} is called {}', cba, state, cba_name) as finding
from named
where names > 1 or short_names > 1 or right(cba, 2) <> state
group by cba, state, cba_name
