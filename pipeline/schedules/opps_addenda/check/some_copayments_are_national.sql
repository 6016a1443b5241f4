-- severity: warning
-- Some rates have a national copayment: a file in which none has lost the column.
-- source: 86 rows of OPPS25FR, 77 of OPPS25Q1 and 69 of OPPS25Q3
-- payment: of the patient's share, for which the minimum would be taken.
select file_kind, null as source_line, format('none of {} rates has a national copayment', count(payment_rate)) as finding
from stage.addendum_b
cross join this_release
where not this_release.is_sample
group by file_kind
having count(payment_rate) > 0 and count(national_copayment) = 0
