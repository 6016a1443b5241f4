-- severity: warning
-- Where a release changes indices of the one before it of its year, it does so in more than five localities.
-- source: pfs-rules 10.2. Within 2025 CMS changed none, and in 2023 those of Puerto Rico and the Virgin Islands (MAC 09202). A floor of work changes many.
-- payment: every amount of the localities named, if CMS did not change them: nothing within a release sees one index.
with place as (
  select release_id, calendar_year, effective_from, mac, locality_number, {'work': work_gpci, 'PE': pe_gpci, 'MP': mp_gpci} as indices
  from locality join release using (release_id)
  where is_current and gpci_status = 'cms'
),
followed as (
  select *, lag(release_id) over before_it as release_before, lag(indices) over before_it as indices_before
  from place
  window before_it as (partition by calendar_year, mac, locality_number order by effective_from)
),
changed as (
  select *, count(*) over (partition by release_id, release_before) as localities
  from followed
  where indices <> indices_before and not (calendar_year = 2023 and mac = '09202')
)
select release_id,
  format('the indices of {}-{} are {}, {} and {} (work, PE, MP) for {}, {} and {} in {}, and those of hardly any other locality changed: compare GPCI with CMS''s own file',
    mac, locality_number, indices.work::varchar, indices.PE::varchar, indices.MP::varchar,
    indices_before.work::varchar, indices_before.PE::varchar, indices_before.MP::varchar, release_before) as finding
from changed
where localities <= 5
