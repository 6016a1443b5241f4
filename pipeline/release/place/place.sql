-- Where a ZIP code is, in periods in which the same files tell: the carrier's locality and the rural
-- indicator from CMS's ZIP code files, and what schedules know of ZIP codes by themselves ($statements).
-- A statement without a ZIP code is about every ZIP code that the files of its release do not list.
with fact as not materialized (
  select statement.* exclude (release_id), release.effective_from, release.effective_to
  from (
    select '' as release_id, '' as zip_code, null::varchar as state, null::boolean as is_rural, null::varchar as cba
    where false
    union all by name
    from $statements
  ) as statement
  join release on release.release_id = statement.release_id and release.is_current
),
zip as not materialized (
  select zip_code, '' as plus_four, effective_from, effective_to, mac, locality_number, state, rural_indicator, zip4_decides
  from zip_locality
  union all
  select zip_code, plus_four, effective_from, effective_to, mac, locality_number, state, rural_indicator, zip4_decides
  from zip9_locality
  where plus_four <> ''
),
period as (
  select effective_from, effective_to from zip_locality
  union
  select effective_from, effective_to from zip9_locality
  union
  select effective_from, effective_to from fact
),
border as (
  select effective_from as day from period
  union
  select effective_to + 1 from period
),
slot as (
  select day as effective_from, lead(day) over (order by day) - 1 as effective_to from border
),
listed as (
  select
    fact.zip_code, slot.effective_from, slot.effective_to,
    min(fact.state) as state, bool_or(fact.is_rural) as is_rural, min(fact.cba) as cba
  from fact
  join slot on slot.effective_from between fact.effective_from and fact.effective_to
  group by fact.zip_code, slot.effective_from, slot.effective_to
),
located as (
  select zip.* exclude (effective_from, effective_to), slot.effective_from, slot.effective_to
  from zip
  join slot on slot.effective_from between zip.effective_from and zip.effective_to
),
known as (
  from located
  union all by name
  select listed.zip_code, '' as plus_four, listed.effective_from, listed.effective_to
  from listed
  left join zip_locality as zip5
    on zip5.zip_code = listed.zip_code and listed.effective_from between zip5.effective_from and zip5.effective_to
  where listed.zip_code <> '' and zip5.zip_code is null
  union all by name
  -- What holds of all ZIP codes that are not listed holds of those of files of other periods, too.
  select zip5.zip_code, '' as plus_four, slot.effective_from, slot.effective_to
  from (select distinct zip_code from zip_locality) as zip5
  join listed as slot on slot.zip_code = ''
  left join listed as named on named.zip_code = zip5.zip_code and named.effective_from = slot.effective_from
  left join located as covered on covered.zip_code = zip5.zip_code and covered.effective_from = slot.effective_from
  where named.zip_code is null and covered.zip_code is null
)
select
  known.zip_code, known.plus_four, known.effective_from, known.effective_to,
  known.mac, known.locality_number, known.zip4_decides,
  -- Where the files name two states nobody knows which.
  case when known.state <> listed.state then null else coalesce(known.state, listed.state) end as state,
  coalesce(listed.is_rural, other.is_rural) as is_rural,
  coalesce(listed.cba, other.cba) as cba,
  case known.rural_indicator when '' then 'urban' when 'R' then 'rural' when 'B' then 'super_rural' end as ambulance_area
from known
left join listed on listed.zip_code = known.zip_code and listed.effective_from = known.effective_from
left join listed as other on other.zip_code = '' and other.effective_from = known.effective_from
