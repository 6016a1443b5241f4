-- What every fee schedule says of a code, one answer for each code, modifier, setting and place.
-- $statements is what each schedule says by itself, $held which of its releases answer in which slot of time.
-- Who pays a code is the same everywhere, so that amounts of one place stand as they are said.
-- A statement that holds until a day says after it that the code is not valid.
-- Every window is by code, so that who asks for one code reads that code alone.
-- What a schedule has no column for does not matter to it: of places that is everything but the country.
with said as not materialized (
  select statement.* exclude (release_id), held.* exclude (schedule, release_key)
  from (
    select
      null::varchar as modifier3, null::varchar as state, null::boolean as is_rural, null::varchar as cba, null::varchar as ambulance_area,
      null::date as until
    where false
    union all by name
    from $statements
  ) as statement
  -- A schedule may say something by the release of another one, of which the other knows nothing.
  join $held as held on held.release_key = statement.release_id
),
compared as (
  select
    *,
    -- Outside of institutions an amount is what others mean by paid elsewhere, also where it depends on the place.
    (amount is not null or reason = 'by_place') and setting in ('office', 'lab', 'supplier', 'ambulance') as pays,
    min(schedule) filter (where pays) over (partition by slot, hcpcs_code, modifier) as payer_of_modifier,
    min(schedule) filter (where pays) over (partition by slot, hcpcs_code) as payer_of_code
  from said
  where place_kind = 'national'
),
weighed as (
  select * replace (case when until < effective_from then 'not_valid' else reason end as reason)
  from compared
),
-- Where one schedule has an amount and another one a reason, the amount counts; else the weightier reason
-- of those that schedules give by themselves: who pays elsewhere adds nothing to the word of a mere list.
-- Of equal reasons one that stands whoever pays counts, and the word of pfs before that of the dictionary.
weightiest as (
  select weighed.*
  from weighed
  left join fee_reason using (reason)
  qualify
    row_number() over (
      partition by slot, hcpcs_code, modifier, modifier2, modifier3, setting
      order by amount is null, fee_reason.rank, defers, schedule desc
    ) = 1
),
national as (
  select
    * exclude (reason),
    case
      when not defers or reason = 'not_valid' then reason
      when payer_of_modifier <> schedule then 'paid_under_' || payer_of_modifier
      when modifier = '' and payer_of_code <> schedule then 'paid_under_' || payer_of_code
      else reason
    end as reason
  from weightiest
),
every as (
  from national
  union all by name
  from said where place_kind <> 'national'
)
select
  hcpcs_code, modifier, modifier2, setting, place_kind, mac, locality_number,
  effective_from, effective_to, schedule, release_id, amount,
  case when amount is null then '' else amount_unit end as amount_unit,
  case when amount is not null then patient_share_percent end as patient_share_percent,
  case when amount is null then 'not_priced' else amount_status end as amount_status,
  reason, coalesce(modifier3, '') as modifier3, coalesce(state, '') as state, is_rural, coalesce(cba, '') as cba,
  coalesce(ambulance_area, '') as ambulance_area
from every
