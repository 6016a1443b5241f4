-- severity: error
-- No release has the indices of a release of another year where those of its own year differ: practice expense and malpractice, in every locality.
-- source: pfs-rules 10.2. CMS keeps both within a year, but for a locality or two; the work index may gain or lose its floor.
-- payment: every amount of a locality. CMS has done this in no release seen.
with place as (
  select release_id, calendar_year, mac, locality_number, pe_gpci, mp_gpci
  from locality join release using (release_id)
  where is_current and gpci_status = 'cms'
),
pair as (
  select one.release_id, other.release_id as other_id, one.calendar_year = other.calendar_year as is_of_year,
    count(*) as common,
    count(*) filter ((one.pe_gpci, one.mp_gpci) <> (other.pe_gpci, other.mp_gpci)) as differing
  from place as one
  join place as other using (mac, locality_number)
  where one.release_id <> other.release_id
  group by all
),
held as (
  select release_id,
    min(other_id) filter (not is_of_year and differing = 0) as like_id,
    bool_and(2 * differing > common) filter (is_of_year) as is_alone,
    string_agg(other_id, ', ' order by other_id) filter (is_of_year) as of_year
  from pair
  group by release_id
)
select release_id,
  format('{} has the indices of {}, of another year, and not those of {}: another year''s file stands under its title; get CMS''s own file of the year, or leave this one out: --skip {}',
    release_id, like_id, of_year, file) as finding
from held
join (
  select release_id, min(source_file) as file
  from source_file join release using (release_id, posting_id)
  where is_current and file_kind = 'gpci' and is_loaded
  group by release_id
) using (release_id)
where like_id is not null and is_alone
