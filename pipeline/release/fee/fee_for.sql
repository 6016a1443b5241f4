-- fee_for(code, of_modifier := null, on_day := null, known_on := date '9999-12-31', of_posting := null, at_mac := null, at_locality := null, at_zip := null, at_state := null, at_rural := null)
-- What Medicare pays for a code on a day of service, in every setting, with an amount or a reason: fee_for('85025', on_day := '2025-11-20'). Without a day the latest release of each schedule answers. With a place (a MAC and a locality, a ZIP code, or a state and whether it is a rural area) the amounts are those of the place, else the national ones. Where the place leaves open which of several amounts counts, each of them is a row, and the national row has the reason.
with answer as (
  select *
  from fee_on(on_day, known_on, of_posting)
  where hcpcs_code = upper(trim(code)) and (of_modifier is null or modifier = upper(trim(of_modifier)))
),
-- Of several ZIP files the one that is nearest to the day counts. A place that is not known is an error,
-- for national amounts would be a wrong answer.
zip_place as (
  select mac, locality_number, state
  from zip_locality
  where zip_code = substr(at_zip, 1, 5)
  order by abs(effective_from - coalesce(cast(on_day as date), current_date)), effective_from desc
  limit 1
),
-- What is known of the place: NULL where a fact is not.
place as (
  select
    coalesce(at_mac, zip_place.mac) as here_mac,
    coalesce(at_locality, zip_place.locality_number) as here_locality,
    coalesce(upper(trim(at_state)), zip_place.state) as here_state,
    cast(at_rural as boolean) as here_rural,
    cast(null as varchar) as here_cba,
    cast(null as varchar) as here_area
  from (values (1)) as one
  left join zip_place on true
  where
    case
      when at_zip is not null and zip_place.mac is null then error('the warehouse does not know the ZIP code ' || at_zip)
      when (at_mac is null) <> (at_locality is null) then error('a locality is a MAC and a number: give at_mac and at_locality')
      when at_mac is not null and (select count(*) from locality where mac = at_mac and locality_number = at_locality) = 0
        then error('the warehouse holds no locality ' || at_mac || '-' || at_locality)
      when at_state is not null and at_zip is not null then error('a ZIP code is in one state: give at_zip or at_state')
      when at_state is not null and (select count(*) from locality where state = upper(trim(at_state))) = 0
        then error('the warehouse knows no state ' || at_state)
      when at_rural is not null and at_state is null then error('rural is an area of a state: give at_state, too')
      else true
    end
),
-- The rows of the place, and how near to it they are: a former bidding area comes before the state,
-- and both before the country.
fitting as (
  select
    answer.*,
    case place_kind when 'cba' then 1 when 'state_rural' then 2 when 'mac_locality' then 3 else 4 end as nearness,
    coalesce(case place_kind
      when 'cba' then cba = here_cba
      when 'state_rural' then state = here_state and coalesce(is_rural = here_rural, true)
      when 'mac_locality' then mac = here_mac and locality_number = here_locality
        and coalesce(nullif(ambulance_area, '') = here_area, true)
      else true
    end, false) as is_here,
    -- Whether the place is known in the terms by which the amounts differ.
    case place_kind when 'cba' then here_cba is not null when 'state_rural' then here_state is not null when 'mac_locality' then here_mac is not null else false end
      as is_place_known,
    case
      when place_kind = 'cba' then at_zip is not null and here_cba is null
      when not is_here then false
      when place_kind = 'state_rural' then is_rural is not null and here_rural is null
      when place_kind = 'mac_locality' then ambulance_area <> '' and here_area is null
      else false
    end as is_open
  from answer
  cross join place
),
weighed as (
  select
    *,
    min(case when is_here then nearness end) over of_setting as nearest,
    coalesce(bool_or(is_place_known) over of_setting, false) as is_known,
    bool_or(is_open) over of_setting as is_undecided
  from fitting
  window of_setting as (partition by hcpcs_code, modifier, modifier2, modifier3, setting)
),
here as (
  select
    * exclude (nearness, is_here, is_place_known, is_open, nearest, is_known, is_undecided)
    replace (
      case when nearness = 4 and is_undecided then 'rural_unknown' when reason = 'by_place' and is_known then 'no_fee_in_area' else reason end as reason
    )
  from weighed
  where is_here and (nearness = nearest or (nearness = 4 and is_undecided))
),
-- A setting of which no list says anything has its reason too.
silent as (
  select
    unnest(['office', 'facility_professional', 'lab', 'supplier', 'ambulance', 'asc', 'outpatient_hospital']) as setting,
    (select count(*) from answer) = 0 as is_unknown,
    -- The lists of surgical centers have codes without modifiers.
    coalesce(of_modifier, '') = '' and (select count(*) from answer where schedule = 'pfs') > 0
      -- Only who has read all of the lists knows that a code is on none.
      and (select count(*) from release where schedule = 'asc' and is_current and not regexp_matches(missing_files, 'asc_(bb|ee)') and coalesce(cast(on_day as date), effective_from) between effective_from and effective_to) > 0
      as is_off_the_asc_list
),
every as (
  select * from here
  union all by name
  select
    upper(trim(code)) as hcpcs_code, coalesce(upper(trim(of_modifier)), '') as modifier, '' as modifier2, setting, 'national' as place_kind,
    '' as mac, '' as locality_number, coalesce(cast(on_day as date), current_date) as effective_from, coalesce(cast(on_day as date), current_date) as effective_to,
    '' as schedule, '' as release_id, null as amount, '' as amount_unit, null as patient_share_percent,
    'not_priced' as amount_status,
    case
      when is_unknown then 'unknown_code'
      when setting = 'asc' and is_off_the_asc_list then 'not_on_asc_list'
      else 'no_schedule'
    end as reason,
    '' as modifier3, '' as state, cast(null as boolean) as is_rural, '' as cba, '' as ambulance_area
  from silent
  where setting not in (select here.setting from here)
)
select *
from every
order by modifier, modifier2, modifier3, setting, place_kind = 'national', state, is_rural, ambulance_area
