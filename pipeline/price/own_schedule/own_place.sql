-- What is known of the ZIP codes of lines whose fee depends on the place: the state, whether it is a rural area
-- for equipment, the former bidding area, and how rural it is for ambulances. What the ZIP code files of
-- equipment do not list is neither rural nor of an area, where the release came with them; of what nobody
-- knows the column is NULL.
with asked as (
  select distinct line.fee_day, line.zip_code, line.plus_four
  from own_gated_line as line
  join (select distinct fee_day, hcpcs_code from own_key where located_by <> '' or has_areas) as located
    on located.fee_day = line.fee_day and located.hcpcs_code = line.hcpcs_code
  where length(line.service_zip_code) in (5, 9)
),
dated as (
  select
    asked.fee_day, asked.zip_code, asked.plus_four, day.zip_file_from, day.zip9_file_from, equipment.release_id,
    case when ',' || release.missing_files || ',' like '%,dme_rural_zip,%' then true else false end as lacks_rural,
    case when ',' || release.missing_files || ',' like '%,dme_cba_zip,%' then true else false end as lacks_areas
  from asked
  join service_day as day on day.service_day = asked.fee_day
  left join own_day as equipment on equipment.schedule = 'dmepos' and equipment.service_day = asked.fee_day
  left join release on release.release_id = equipment.release_id and release.is_current
),
asked_zip as (select distinct zip_code from asked),
nine as (
  select zip.zip_code, zip.plus_four, zip.effective_from, zip.state, zip.rural_indicator
  from zip9_locality as zip
  join asked_zip on asked_zip.zip_code = zip.zip_code
),
states as (
  select zip_code, effective_from, count(distinct state) as state_count
  from nine
  group by zip_code, effective_from
),
found as (
  select
    dated.fee_day, dated.zip_code, dated.plus_four, dated.release_id, dated.lacks_rural, dated.lacks_areas,
    zip5.zip_code is not null or listed.zip_code is not null as is_known,
    coalesce(nine.state, zip5.state) as zip_state, listed.state as listed_state,
    listed.is_rural, listed.cba, coalesce(nine.rural_indicator, zip5.rural_indicator) as rural_indicator,
    zip5.zip4_decides and nine.zip_code is null and coalesce(states.state_count, 1) > 1 as is_state_open
  from dated
  left join zip_locality as zip5 on zip5.zip_code = dated.zip_code and zip5.effective_from = dated.zip_file_from
  left join nine
    on nine.zip_code = dated.zip_code and nine.plus_four = dated.plus_four and nine.effective_from = dated.zip9_file_from
    and nine.plus_four <> ''
    and (zip5.zip_code is null or zip5.zip4_decides or nine.effective_from = zip5.effective_from)
  left join states on states.zip_code = dated.zip_code and states.effective_from = dated.zip9_file_from
  left join dme_zip as listed on listed.release_id = dated.release_id and listed.zip_code = dated.zip_code
)
select
  fee_day, zip_code, plus_four, is_known, is_state_open,
  -- Where the files name two states nobody knows which.
  case when zip_state <> listed_state then null else coalesce(zip_state, listed_state) end as state,
  coalesce(is_rural, case when release_id is not null and not lacks_rural then false end) as is_rural,
  coalesce(cba, case when release_id is not null and not lacks_areas then '' end) as cba,
  case rural_indicator when '' then 'urban' when 'R' then 'rural' when 'B' then 'super_rural' end as ambulance_area
from found
