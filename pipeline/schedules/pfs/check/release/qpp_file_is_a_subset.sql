-- severity: error
-- The QPP file holds the rows of status A, C, R and T of the other file, with the same RVUs. In 2026 it holds no others; if it does, they are those of the other file too.
-- source: pfs-rules 1.2
-- payment: the amounts for qualifying participants. A QPP file that says otherwise is left unread.
select 'pprrvu_qpp' as file_kind, coalesce(qp.source_line, nonqp.source_line) as source_line,
  format('{} {} is not the same in the QPP and the non-QPP file', coalesce(qp.hcpcs_code, nonqp.hcpcs_code),
    coalesce(qp.modifier, nonqp.modifier)) as finding
from stage.pprrvu_qpp as qp
full join stage.pprrvu as nonqp using (hcpcs_code, modifier)
where (select count(*) from stage.pprrvu_qpp) > 0
  and (
    (qp.hcpcs_code is null and nonqp.status_code in ('A', 'C', 'R', 'T')) or nonqp.hcpcs_code is null
    or qp.status_code <> nonqp.status_code or qp.work_rvu <> nonqp.work_rvu
    or qp.nonfacility_pe_rvu <> nonqp.nonfacility_pe_rvu or qp.facility_pe_rvu <> nonqp.facility_pe_rvu
    or qp.mp_rvu <> nonqp.mp_rvu
  )
