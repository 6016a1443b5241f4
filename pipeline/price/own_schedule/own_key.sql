-- What each code with its modifiers is on each day: the schedule that pays it, and the item of that
-- schedule. Of the items whose modifiers are all on the line the one with the most counts; where the schedule
-- of the code has no release on the day, or no item fits, item_gate says so.
with asked as (
  select distinct
    fee_day, hcpcs_code, modifier_1, modifier_2, modifier_3, modifier_4,
    upper(modifier_1) as first, upper(modifier_2) as second, upper(modifier_3) as third, upper(modifier_4) as fourth
  from own_gated_line
  where fee_day is not null
),
listed as (
  select
    asked.fee_day, asked.hcpcs_code, asked.modifier_1, asked.modifier_2, asked.modifier_3, asked.modifier_4,
    item.schedule, item.release_id, item.modifier, item.modifier2, item.modifier3, item.located_by, item.has_areas, item.amount,
    item.later_month_factor, item.amount_unit, item.patient_share_percent, item.rate_reason, item.rate_note,
    case
      when item.modifier in ('', first, second, third, fourth) and item.modifier2 in ('', first, second, third, fourth)
        and item.modifier3 in ('', first, second, third, fourth) then 1
      else 0
    end as fits,
    case when item.modifier = '' then 0 else 1 end + case when item.modifier2 = '' then 0 else 1 end
      + case when item.modifier3 = '' then 0 else 1 end as modifier_count
  from asked
  join own_day as day on day.service_day = asked.fee_day
  join own_item as item
    on item.schedule = day.schedule and item.release_id = day.release_id and item.hcpcs_code = asked.hcpcs_code
),
ranked as (
  select
    listed.*,
    row_number() over (
      partition by fee_day, hcpcs_code, modifier_1, modifier_2, modifier_3, modifier_4
      order by fits desc, modifier_count desc, schedule, modifier, modifier2, modifier3
    ) as choice,
    sum(fits) over (
      partition by fee_day, hcpcs_code, modifier_1, modifier_2, modifier_3, modifier_4, modifier_count
    ) as rivals
  from listed
),
-- A code of a schedule that has no release on the day.
undated as (
  select asked.fee_day, asked.hcpcs_code, min(item.schedule) as schedule
  from (select distinct fee_day, hcpcs_code from asked) as asked
  join (select distinct schedule, hcpcs_code from own_item) as item on item.hcpcs_code = asked.hcpcs_code
  left join own_day as day on day.service_day = asked.fee_day and day.schedule = item.schedule
  where day.service_day is null
  group by asked.fee_day, asked.hcpcs_code
)
select
  asked.fee_day, asked.hcpcs_code, asked.modifier_1, asked.modifier_2, asked.modifier_3, asked.modifier_4,
  asked.first, asked.second, asked.third, asked.fourth,
  coalesce(ranked.schedule, undated.schedule) as schedule, ranked.release_id, ranked.modifier, ranked.modifier2, ranked.modifier3,
  ranked.located_by, ranked.has_areas, ranked.amount, ranked.later_month_factor, ranked.amount_unit,
  ranked.patient_share_percent, ranked.rate_reason, ranked.rate_note,
  case
    when ranked.schedule is null then $step_release_missing
    when ranked.fits = 0 then $step_item_modifier_missing
    when ranked.rivals > 1 then $step_item_modifier_conflict
    else 0
  end as item_gate
from asked
left join ranked
  on ranked.choice = 1 and ranked.fee_day = asked.fee_day and ranked.hcpcs_code = asked.hcpcs_code
  and ranked.modifier_1 = asked.modifier_1 and ranked.modifier_2 = asked.modifier_2
  and ranked.modifier_3 = asked.modifier_3 and ranked.modifier_4 = asked.modifier_4
left join undated on undated.fee_day = asked.fee_day and undated.hcpcs_code = asked.hcpcs_code
where ranked.schedule is not null or undated.schedule is not null
