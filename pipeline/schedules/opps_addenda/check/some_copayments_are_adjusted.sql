-- severity: warning
-- Since 2024 some rates have an adjusted copayment, as most drugs do: a file in which none has one has lost the column.
-- source: 949 rows of OPPS25FR and 992 of OPPS25Q3; the head of January 2024 in a public copy has the column
-- payment: of the patient's share, for which the national copayment or the minimum would be taken.
select file_kind, null as source_line, format('none of {} rates has an adjusted copayment', count(payment_rate)) as finding
from stage.addendum_b
cross join this_release
where not this_release.is_sample and this_release.effective_from >= date '2024-01-01'
group by file_kind
having count(payment_rate) > 0 and count(adjusted_copayment) = 0
