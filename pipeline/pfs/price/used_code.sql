-- The codes of the lines, and the bases of endoscopic families, which other codes are priced by.
select hcpcs_code from claim_line
union
select endoscopic_base_code from rvu where endoscopic_base_code <> ''
