-- The codes of the lines, the bases of endoscopic families and the parts of tests, which other codes
-- are priced by.
select hcpcs_code from claim_line
union
select endoscopic_base_code from rvu where endoscopic_base_code <> ''
union
select part_code from global_test_part
