-- time_units(family, minutes, payer, day)
-- The codes of a family of time_rule for so many minutes on a day, each with its units, the national value of one unit in the release in force, and why. Where there is no value, price_status is that of payment_national, or 'no_release_in_force' (no loaded release covers the day), or 'no_such_code' (that release lacks the code).
select
  u.hcpcs_code,
  u.units,
  v.work_rvu,
  p.nonfacility_payment,
  p.facility_payment,
  coalesce(
    p.price_status,
    case when r.release_id is null then 'no_release_in_force' else 'no_such_code' end
  ) as price_status,
  r.release_id,
  u.first_minute,
  u.last_minute,
  t.meaning as why,
  t.evidence,
  t.source
from time_unit u
join time_rule t
  on t.code_family = u.code_family and t.payer = u.payer
  and t.effective_from = u.effective_from and t.hcpcs_code = u.hcpcs_code
cross join (select release_in_force(day) as release_id) r
left join rvu v on v.release_id = r.release_id and v.hcpcs_code = u.hcpcs_code and v.modifier = ''
left join payment_national p
  on p.release_id = r.release_id and p.hcpcs_code = u.hcpcs_code and p.modifier = '' and p.is_default_class
where u.code_family = trim(family, $blanks)
  and u.payer = lower(trim(payer, $blanks))
  and minutes between u.first_minute and u.last_minute
  and day::date between u.effective_from and coalesce(u.effective_to, day::date)
order by u.hcpcs_code
