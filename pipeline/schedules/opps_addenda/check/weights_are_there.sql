-- severity: error
-- An Addendum B has rows with a weight and a rate: without one there is no factor, and nothing proves the rates.
-- source: 5,975 rows of OPPS25FR and as many or more of every quarter
-- payment: all of it.
select '' as file_kind, null as source_line, 'no row has a weight and a rate' as finding
where not exists (from schedule_factor)
