-- severity: warning
-- No code that the Physician Fee Schedule prices has a limit of 0 for practitioners in the same quarter.
-- source: none of the 2,642 such limits of MUE26Q2P has a price in RVU26B; A4890 has status R there, and no RVUs
-- payment: a code with RVUs that every claim is denied for, if CMS did not err.
select mue.release_id, format('{} has a limit of 0, but status {} and RVUs in {}', hcpcs_code, rvu.status_code, rvu.release_id) as finding
from mue_in_force as mue
join rvu_in_force as rvu using (hcpcs_code)
where mue.setting = 'practitioner' and mue.limit_status = 'never_payable' and rvu.status_code in ('A', 'R', 'T')
  and rvu.modifier = '' and greatest(rvu.nonfacility_total_rvu, rvu.facility_total_rvu) > 0
  and mue.effective_from between rvu.effective_from and rvu.effective_to
