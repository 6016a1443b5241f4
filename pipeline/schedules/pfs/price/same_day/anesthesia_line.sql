-- Several anesthesia procedures of one session: the highest base units once, with the time of all. The
-- procedure with the highest base units carries the whole amount, the others nothing, and the charges
-- of all count together, where all are known. Each who takes part (AA, QK, QX ...) has a session of his own.
with member as (
  select
    touched_amount.*,
    row_number() over (
      partition by group_number, member_key, anesthesia_modifier
      order by counted_base_units desc, hcpcs_code, component, tie_place
    ) as session_rank,
    count(*) over (partition by group_number, member_key, anesthesia_modifier) as session_count,
    count(charge) over (partition by group_number, member_key, anesthesia_modifier) as charge_count,
    sum(charge) over (partition by group_number, member_key, anesthesia_modifier) as session_charge,
    sum(anesthesia_minutes) over (partition by group_number, member_key, anesthesia_modifier) as session_minutes
  from touched_amount
  where same_day_class = 'anesthesia' and line_gate = 0
),
timed as (
  select
    member.*,
    -- As for one line: no whole number of minutes ends in a tie.
    cast(round(cast(session_minutes as decimal(12, 2)) * cast(0.06666667 as decimal(9, 8)), 1) as decimal(12, 2)) as session_units
  from member
)
select
  line_id, false as is_paired,
  cast(1 as decimal(6, 4)) as pair_factor,
  case
    when session_count = 1 then charge
    when charge_count = session_count then cast(least(session_charge, cast(9999999999.99 as decimal(12, 2))) as decimal(12, 2))
  end as compared_charge,
  case when session_rank = 1 then counted_units else 0 end as counted_units,
  unit_amount as procedure_amount,
  case when session_count > 1 then 'anesthesia_session' else '' end as same_day_rule,
  cast(null as decimal(12, 2)) as family_deduction,
  cast(session_rank - 1 as integer) as units_before,
  cast(null as decimal(6, 4)) as later_factor,
  cast(null as decimal(12, 2)) as technical_amount,
  cast(null as decimal(12, 2)) as professional_amount,
  cast(null as integer) as professional_units_before,
  cast(null as decimal(6, 4)) as professional_later_factor,
  case
    when session_count = 1 then unit_amount
    when session_rank > 1 then cast(0 as decimal(12, 2))
    else cast(round((counted_base_units + session_units) * anesthesia_conversion_factor, 2) as decimal(12, 2))
  end as first_unit_amount,
  case
    when session_count = 1 then unit_amount
    else cast(0 as decimal(12, 2))
  end as later_unit_amount,
  cast(null as decimal(12, 2)) as first_unit_cap,
  cast(null as decimal(12, 2)) as later_unit_cap,
  0 as same_day_gate
from timed
