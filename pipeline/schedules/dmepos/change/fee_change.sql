-- How the fees of each item differ between two releases: $pair names both, $before and $after are their fees.
-- Fees that rose by one percentage are within half a cent of it, as CMS rounds to cents.
with compared as (
  select
    release_id, hcpcs_code, modifier, modifier2,
    before.amount as amount_before,
    after.amount as amount_after,
    100 * (after.amount - before.amount)::decimal(14, 4) / before.amount as percent,
    100 * (after.amount - before.amount - 0.005)::decimal(14, 4) / before.amount as least,
    100 * (after.amount - before.amount + 0.005)::decimal(14, 4) / before.amount as most
  from $before as before
  full join $after as after using (release_id, hcpcs_code, modifier, modifier2, state, is_rural)
  cross join $pair as pair
  where before.amount is distinct from after.amount
)
select
  release_id, hcpcs_code, modifier, modifier2,
  count(*) filter (amount_before is not null and amount_after is not null) as changed_amount_count,
  count(*) filter (amount_before is null) as new_amount_count,
  count(*) filter (amount_after is null) as ended_amount_count,
  round(min(percent), 3) as lowest_change_percent,
  round(max(percent), 3) as highest_change_percent,
  changed_amount_count > 0 and max(least) <= min(most) as is_alike
from compared
group by release_id, hcpcs_code, modifier, modifier2
