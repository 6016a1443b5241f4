-- How many rows changed in which way, and what the paid ones gained or lost.
select
  change_kind as "change",
  count(*) as "rows",
  count(distinct hcpcs_code) as "codes",
  count(*) filter (where nonfacility_payment_change > 0 or facility_payment_change > 0) as "paid more",
  count(*) filter (where nonfacility_payment_change < 0 or facility_payment_change < 0) as "paid less"
from $changes
group by change_kind
order by "rows" desc, change_kind
