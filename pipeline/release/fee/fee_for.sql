-- fee_for(code, of_modifier := null, on_day := null, known_on := date '9999-12-31', of_posting := null, at_mac := null, at_locality := null, at_zip := null, at_state := null, at_rural := null)
-- What Medicare pays for a code on a day of service, in every setting, with an amount or a reason: fee_for('85025', on_day := '2025-11-20'). Without a day the latest release of each schedule answers. With a place (a MAC and a locality, a ZIP code, or a state and whether it is a rural area) the amounts are those of the place, else the national ones. Where the place leaves open which of several amounts counts, each of them is a row, and the national row has the reason.
with answer as materialized (
  select *
  from fee_on(on_day, known_on, of_posting)
  where hcpcs_code = upper(trim(code, $blanks)) and (of_modifier is null or modifier = upper(trim(of_modifier, $blanks)))
),
-- What is known of the place: NULL where a fact is not. Several rows where it is not known in which
-- locality the ZIP code lies. A place that is not known is an error, for national amounts would be a wrong answer.
zip as materialized (
  from place_of(at_zip, on_day := on_day)
),
here as (
  select
    coalesce(trim(cast(at_mac as varchar), $blanks), zip.mac) as here_mac,
    coalesce(trim(cast(at_locality as varchar), $blanks), zip.locality_number) as here_locality,
    coalesce(upper(trim(at_state, $blanks)), zip.state) as here_state, coalesce(cast(at_rural as boolean), zip.is_rural) as here_rural,
    zip.cba as here_cba, zip.ambulance_area as here_area, coalesce(zip.reason, '') as missing,
    (select count(distinct state) > 1 from zip) as spans_states
  from (values (1)) as one
  left join zip on true
  where
    case
      when at_zip is not null and zip.zip_code is null then error('the warehouse does not know the ZIP code ' || at_zip)
      when (at_mac is null) <> (at_locality is null) then error('a locality is a MAC and a number: give at_mac and at_locality')
      when at_mac is not null and (
        select count(*) from locality
        where mac = trim(cast(at_mac as varchar), $blanks) and locality_number = trim(cast(at_locality as varchar), $blanks)
      ) = 0
        then error('the warehouse holds no locality ' || at_mac || '-' || at_locality)
      when at_state is not null and at_zip is not null then error('a ZIP code is in one state: give at_zip or at_state')
      when at_state is not null and (select count(*) from locality where state = upper(trim(at_state, $blanks))) = 0
        and (select count(*) from answer where state = upper(trim(at_state, $blanks))) = 0
        then error('the warehouse knows no state ' || at_state)
      when at_rural is not null and at_state is null then error('rural is an area of a state: give at_state, too')
      else true
    end
),
-- How near each amount is to the place (a former bidding area comes before the state, and both before the
-- country), and which fact is missing without which nobody knows whether it counts.
compared as (
  select
    answer.*,
    case place_kind when 'cba' then 1 when 'state_rural' then 2 when 'mac_locality' then 3 else 4 end as nearness,
    coalesce(case place_kind
      when 'cba' then cba = here_cba
      when 'state_rural' then state = here_state and coalesce(is_rural = here_rural, true)
      when 'mac_locality' then mac = here_mac and locality_number = here_locality
        and coalesce(nullif(ambulance_area, '') = here_area, true)
      else true
    end, false) as fits,
    coalesce(case place_kind when 'cba' then here_cba when 'state_rural' then here_state when 'mac_locality' then here_mac end, '') <> ''
      as is_known_by,
    place_kind = 'national' or (place_kind = 'cba' and here_cba is not null) as is_outside,
    case
      when place_kind = 'mac_locality' and missing <> '' then missing
      when place_kind = 'state_rural' and spans_states then missing
      when place_kind = 'cba' and at_zip is not null and here_cba is null then 'rural_unknown'
      when fits and place_kind = 'state_rural' and is_rural is not null and here_rural is null then 'rural_unknown'
      when fits and place_kind = 'mac_locality' and ambulance_area <> '' and here_area is null then 'area_unknown'
      else ''
    end as open
  from answer
  cross join here
),
each as (
  select
    * exclude (fits, is_known_by, is_outside, open),
    bool_or(fits) as fits, bool_or(is_known_by) as is_known_by, bool_and(is_outside) as is_outside, max(open) as open
  from compared
  group by all
),
of_setting as (
  select
    modifier, modifier2, modifier3, setting,
    min(nearness) filter (where fits) as nearest,
    -- An item with fees in bidding areas alone has none in a place that is known to be in none of them.
    bool_or(is_known_by) or bool_and(is_outside) as is_known,
    max(open) as open
  from each
  group by all
),
-- Joined and not a window: DuckDB 1.4 fails now and then on windows in here.
weighed as (
  select each.* exclude (is_known_by, is_outside, open), of_setting.nearest, of_setting.is_known, of_setting.open
  from each
  join of_setting using (modifier, modifier2, modifier3, setting)
),
fitting as (
  select *, case when nearness < 4 then '' when open <> '' then open when reason = 'by_place' and is_known then 'no_fee_in_area' else '' end as no_amount_for
  from weighed
  where fits and (nearness = nearest or (nearness = 4 and open <> ''))
),
said as (
  select
    * exclude (nearness, fits, nearest, is_known, open, no_amount_for)
    replace (
      case when no_amount_for = '' then amount end as amount,
      case when no_amount_for = '' then amount_unit else '' end as amount_unit,
      case when no_amount_for = '' then patient_share_percent end as patient_share_percent,
      case when no_amount_for = '' then amount_status else 'not_priced' end as amount_status,
      case when no_amount_for = '' then reason else no_amount_for end as reason
    )
  from fitting
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
  select * from said
  union all by name
  select
    upper(trim(code, $blanks)) as hcpcs_code, coalesce(upper(trim(of_modifier, $blanks)), '') as modifier, '' as modifier2, setting, 'national' as place_kind,
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
  where setting not in (select said.setting from said)
)
select *
from every
order by modifier, modifier2, modifier3, setting, place_kind = 'national', state, is_rural, ambulance_area
