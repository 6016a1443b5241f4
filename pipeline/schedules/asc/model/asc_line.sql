-- The lines of both addenda that have fees, under the same columns.
select
  'AA' as addendum, 'asc_aa' as file_kind, hcpcs_code, asc_flag, description, multiple_procedure_discount,
  false as pass_through_expires, comment_indicator, payment_indicator, payment_weight, payment_rate,
  null as ira_copayment, source_line
from stage.asc_aa
union all by name
select 'BB' as addendum, 'asc_bb' as file_kind, * from stage.asc_bb
