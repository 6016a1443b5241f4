-- The services whose payment moved most in one setting, where they are done in that setting.
select
  movers.hcpcs_code as "code",
  movers.modifier as "mod",
  rvu.section,
  movers.payment_before as "before",
  movers.payment_after as "after",
  movers.payment_change as "change",
  format('{:+.1f}%', 100.0::double * movers.payment_change::double / movers.payment_before::double) as "in percent",
  round(movers.due_to_rvu, 2) as "by RVUs",
  round(movers.due_to_conversion_factor, 2) as "by the factor"
from $movers as movers
join rvu using (release_id, hcpcs_code, modifier)
where not movers.is_na and movers.payment_before > 0
