-- The change of the payment by section: services priced in both releases, unchanged ones too.
with paid as (
  select
    rvu.section,
    cast(after.nonfacility_payment - before.nonfacility_payment as decimal(9, 2)) as change,
    round(100.0::double * (after.nonfacility_payment - before.nonfacility_payment)::double / before.nonfacility_payment::double, 1) as percent
  from $pair as pair
  join payment_national as after on after.release_id = pair.release_id
  join payment_national as before
    on before.release_id = pair.previous_release_id
    and before.hcpcs_code = after.hcpcs_code and before.modifier = after.modifier
  join rvu on rvu.release_id = after.release_id and rvu.hcpcs_code = after.hcpcs_code and rvu.modifier = after.modifier
  where after.is_default_class and before.is_default_class and before.nonfacility_payment > 0 and after.nonfacility_payment is not null
)
select
  section,
  count(*) as "services priced in both",
  count(*) filter (where change > 0) as "rose",
  count(*) filter (where change < 0) as "fell",
  format('{:+.1f}%', median(percent)) as "median change"
from paid
group by section
order by section
