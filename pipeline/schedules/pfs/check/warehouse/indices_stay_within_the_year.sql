-- severity: warning
-- A release has the practice expense and malpractice indices of the one before it of its year, in most localities.
-- source: pfs-rules 10.2. Within 2025 CMS changed none, within 2023 those of Puerto Rico and the Virgin Islands.
-- payment: every amount of a locality, if one of the two has another year's file.
with place as (
  select release_id, calendar_year, effective_from, mac, locality_number, pe_gpci, mp_gpci
  from locality join release using (release_id)
  where is_current and gpci_status = 'cms'
),
followed as (
  select *, lag(release_id) over before_it as release_before, lag(pe_gpci) over before_it as pe_before, lag(mp_gpci) over before_it as mp_before
  from place
  window before_it as (partition by calendar_year, mac, locality_number order by effective_from)
)
select release_id,
  format('its indices differ from those of {} in {} of {} localities, where CMS keeps them within a year: compare GPCI with CMS''s own file',
    release_before, differing, compared) as finding
from (
  select release_id, release_before, count(*) as compared,
    count(*) filter ((pe_gpci, mp_gpci) <> (pe_before, mp_before)) as differing
  from followed
  where release_before is not null
  group by all
)
where 2 * differing > compared
