-- fee_for(code, of_modifier := null, on_day := null, known_on := date '9999-12-31', of_posting := null, at_mac := null, at_locality := null, at_zip := null)
-- What Medicare pays for a code on a day of service, in every setting, with an amount or a reason: fee_for('85025', on_day := '2025-11-20'). Without a day the latest release of each schedule answers. With a place (a MAC and a locality, or a ZIP code) the amounts are those of the place, else the national ones.
with answer as (
  select *
  from fee_on(on_day, known_on, of_posting)
  where hcpcs_code = upper(trim(code)) and (of_modifier is null or modifier = upper(trim(of_modifier)))
),
-- Of several ZIP files the one that is nearest to the day counts. A place that is not known is an error,
-- for national amounts would be a wrong answer.
zip_place as (
  select mac, locality_number
  from zip_locality
  where zip_code = substr(at_zip, 1, 5)
  order by abs(effective_from - coalesce(cast(on_day as date), current_date)), effective_from desc
  limit 1
),
place as (
  select
    coalesce(at_mac, zip_place.mac) as here_mac,
    coalesce(at_locality, zip_place.locality_number) as here_locality
  from (values (1)) as one
  left join zip_place on true
  where
    case
      when at_zip is not null and zip_place.mac is null then error('the warehouse does not know the ZIP code ' || at_zip)
      when (at_mac is null) <> (at_locality is null) then error('a locality is a MAC and a number: give at_mac and at_locality')
      when at_mac is not null and (select count(*) from locality where mac = at_mac and locality_number = at_locality) = 0
        then error('the warehouse holds no locality ' || at_mac || '-' || at_locality)
      else true
    end
),
here as (
  select answer.*
  from answer
  cross join place
  where answer.place_kind = 'national' or (answer.mac = here_mac and answer.locality_number = here_locality)
  qualify
    row_number() over (
      partition by hcpcs_code, modifier, modifier2, setting order by answer.place_kind = 'national'
    ) = 1
),
-- A setting of which no list says anything has its reason too.
silent as (
  select
    unnest(['office', 'facility_professional', 'lab', 'asc', 'outpatient_hospital']) as setting,
    (select count(*) from answer) = 0 as is_unknown,
    -- The lists of surgical centers have codes without modifiers.
    coalesce(of_modifier, '') = '' and (select count(*) from answer where schedule = 'pfs') > 0
      -- Only who has read all of the lists knows that a code is on none.
      and (select count(*) from release where schedule = 'asc' and is_current and not regexp_matches(missing_files, 'asc_(bb|ee)') and coalesce(cast(on_day as date), effective_from) between effective_from and effective_to) > 0
      as is_off_the_asc_list
)
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
  end as reason
from silent
where setting not in (select here.setting from here)
order by modifier, modifier2, setting
