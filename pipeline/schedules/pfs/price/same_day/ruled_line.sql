-- The touched lines, each by the rule of its class.
select * from $surgery_line as surgery_line
union all
select * from $imaging_and_tests as imaging_and_tests
union all
select * from $therapy_line as therapy_line
union all
select * from $anesthesia_line as anesthesia_line
union all
select * from $two_sides as two_sides
union all
select * from $paid_alone as paid_alone
