-- What every rule of time_rule gives, as ranges of minutes. A date has 1,440 minutes.
select
  code_family,
  payer,
  effective_from,
  effective_to,
  hcpcs_code,
  units,
  first_minute + (units - 1) * coalesce(minutes_per_unit, 0) as first_minute,
  case
    when units = unit_count then day_ends
    else first_minute + units * minutes_per_unit - 1
  end as last_minute
from (
  select *, unnest(range(1, unit_count + 1)) as units
  from (
    select
      *,
      least(coalesce(last_minute, 1440), 1440) as day_ends,
      case
        when minutes_per_unit is null then 1
        else least(coalesce(most_units, 1440), 1 + (day_ends - first_minute) // minutes_per_unit)
      end as unit_count
    from time_rule
  )
)
