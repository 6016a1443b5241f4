-- place_of(at_zip, on_day := null)
-- What is known of a ZIP code, of five or nine digits, on a day of service: place_of('94110', on_day := '2025-11-20'); without one, the latest that is known. Of several ZIP code files the one that is nearest to the day counts; what schedules know of ZIP codes counts in its own period only. A row for each locality that the ZIP code may lie in: where they are several, or where nobody knows, reason says which digits are missing.
with asked as (
  select
    substr(trim(at_zip, $blanks), 1, 5) as zip_code, substr(replace(trim(at_zip, $blanks), '-', ''), 6, 4) as plus_four,
    coalesce(cast(on_day as date), current_date) as day
),
of_zip as (
  select place.*, asked.day, asked.plus_four as asked_four, place.plus_four = '' as is_whole,
    case when day < effective_from then effective_from - day when day > effective_to then day - effective_to else 0 end as days_away
  from place
  join asked using (zip_code)
  where place.zip_code = substr(trim(at_zip, $blanks), 1, 5)
),
-- Without a day of service the latest that is known answers, as the latest releases do.
fact as (
  select
    arg_min(state, days_away) filter (where state is not null) as any_state,
    -- What schedules say of the state at a time of which no ZIP code file tells.
    arg_min(state, days_away) filter (where state is not null and mac is null and (days_away = 0 or on_day is null)) as listed_state,
    arg_min(is_rural, days_away) filter (where is_rural is not null and (days_away = 0 or on_day is null)) as is_rural,
    arg_min(cba, days_away) filter (where cba is not null and (days_away = 0 or on_day is null)) as cba,
    arg_min(zip4_decides, days_away) filter (where is_whole and mac is not null) as zip4_decides,
    -- Nine digits count where five leave it to them, or where the file that has them is as near to the day.
    bool_or(plus_four = asked_four) filter (where not is_whole) and (
      coalesce(arg_min(zip4_decides, days_away) filter (where is_whole and mac is not null), true)
      or min(days_away) filter (where not is_whole) <= min(days_away) filter (where is_whole and mac is not null)
    ) as has_nine_digits
  from of_zip
  having count(*) > 0
),
located as (
  select * exclude (days_away), days_away
  from of_zip
  where mac is not null
  qualify days_away = min(days_away) over (partition by is_whole)
),
candidate as (
  select distinct located.mac, located.locality_number, located.zip4_decides, located.state, located.ambulance_area, located.effective_from, located.effective_to
  from located
  cross join fact
  where case
    when coalesce(fact.has_nine_digits, false) then located.plus_four = located.asked_four
    when not fact.zip4_decides then located.is_whole
    else located.asked_four = '' and not located.is_whole
  end
)
select
  substr(trim(at_zip, $blanks), 1, 5) as zip_code, candidate.mac, candidate.locality_number,
  -- Where the files name two states nobody knows which.
  case
    when candidate.mac is null then fact.any_state
    when candidate.state <> fact.listed_state then null
    else candidate.state
  end as state,
  fact.is_rural, fact.cba, candidate.ambulance_area, candidate.effective_from, candidate.effective_to,
  case
    when candidate.mac is not null and (select count(distinct (mac, locality_number, ambulance_area)) from candidate) = 1 then ''
    when not fact.zip4_decides or fact.zip4_decides is null then 'no_zip_file'
    when (select plus_four from asked) <> '' then 'zip9_unknown'
    else 'zip4_needed'
  end as reason
from fact
left join candidate on true
