-- severity: error above 0.5%
-- The national copayment stands only where it is above the minimum.
-- source: all but 4 of 86 rows of OPPS25FR, 7 of 77 of OPPS25Q1 and 4 of 69 of OPPS25Q3, where 0 stands for none
-- payment: of the patient's share; a column that was exchanged or has slipped by a row.
select file_kind, source_line, format('{}: the national copayment is {}, and the minimum {}', hcpcs_code, national_copayment::varchar, coalesce(minimum_copayment::varchar, 'blank')) as finding
from stage.addendum_b
where national_copayment is not null and coalesce(national_copayment < minimum_copayment, true)
