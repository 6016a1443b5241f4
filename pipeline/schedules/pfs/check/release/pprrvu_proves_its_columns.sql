-- severity: error
-- The columns that sums and domains cannot tell apart are those of their heads: facility and non-facility, the three shares of a global service, the indicators of surgeons, of components and of imaging.
-- source: pfs-rules 2 and 10.2; the shares are those of all releases seen (2021 to 2026), with room.
-- payment: practice expense, shares and indicators all decide what is paid. CMS's files stay far from every bound: in
-- all eight in hand no divided code has another PC/TC indicator than 1, no code two imaging families and no 26 row the
-- flag of the facility; a shift by one row, two or more makes at least 9%, 28% and 80% of them.
with file as (
  select
    count(*) filter (nonfacility_pe_rvu < facility_pe_rvu) as facility_higher,
    count(*) filter (nonfacility_pe_rvu > facility_pe_rvu) as nonfacility_higher,
    count(*) filter (modifier = 'TC' and nonfacility_na) as technical_nonfacility_na,
    count(*) filter (modifier = 'TC' and facility_na) as technical_facility_na,
    count(*) filter (intraoperative_share > 0) as shared,
    count(*) filter (intraoperative_share > 0 and intraoperative_share <= greatest(preoperative_share, postoperative_share))
      as intraoperative_low,
    count(*) filter (preoperative_share > postoperative_share) as preoperative_higher,
    count(*) filter (preoperative_share < postoperative_share) as postoperative_higher,
    count(*) filter (team_surgeon_indicator in ('1', '2')) as team,
    count(*) filter (team_surgeon_indicator in ('1', '2') and co_surgeon_indicator not in ('1', '2')) as team_only,
    count(*) filter (co_surgeon_indicator in ('1', '2')) as co_surgeon,
    count(*) filter (co_surgeon_indicator in ('1', '2') and assistant_surgeon_indicator <> '2') as co_surgeon_only,
    count(*) filter (modifier = '26') as professional,
    count(*) filter (modifier = '26' and facility_na) as professional_facility_na,
    count(*) filter (modifier = 'TC') as technical,
    count(*) filter (modifier = 'TC' and supervision_indicator = '09') as technical_unsupervised,
    count(*) filter (co_surgeon_indicator = '9' or team_surgeon_indicator = '9') as no_concept,
    count(*) filter ((co_surgeon_indicator = '9') <> (team_surgeon_indicator = '9')) as one_nine,
    count(*) filter ((bilateral_indicator = '9') <> (co_surgeon_indicator = '9')) as bilateral_nine,
    count(*) filter ((assistant_surgeon_indicator = '9') <> (co_surgeon_indicator = '9')) as assistant_nine
  from stage.pprrvu
),
code as (
  select
    bool_or(modifier = 'TC') as is_divided,
    count(*) filter (pctc_indicator <> '1') > 0 as is_undivided,
    bool_or(imaging_family_indicator <> '99') as is_imaging,
    count(distinct imaging_family_indicator) > 1 as is_of_two_families
  from stage.pprrvu
  group by hcpcs_code
),
codes as (
  select
    count(*) filter (is_divided) as divided,
    count(*) filter (is_divided and is_undivided) as divided_undivided,
    count(*) filter (is_imaging) as imaging,
    count(*) filter (is_imaging and is_of_two_families) as two_families
  from code
),
proof as (
  select
    unnest([
      {'of': facility_higher + nonfacility_higher, 'broken': facility_higher, 'most': 0.2,
       'text': 'non-facility PE is below facility PE'},
      {'of': technical_nonfacility_na + technical_facility_na, 'broken': technical_nonfacility_na, 'most': 0.2,
       'text': 'a TC row has the NA flag of the office and not of the facility'},
      {'of': shared, 'broken': intraoperative_low, 'most': 0.005,
       'text': 'the intraoperative share is not the largest'},
      {'of': preoperative_higher + postoperative_higher, 'broken': preoperative_higher, 'most': 0.4,
       'text': 'the preoperative share is above the postoperative one'},
      {'of': team, 'broken': team_only, 'most': 0.1, 'text': 'team surgery is payable and co-surgeons are not'},
      {'of': co_surgeon, 'broken': co_surgeon_only, 'most': 0.3,
       'text': 'co-surgeons are payable and an assistant at surgery is not'},
      {'of': technical, 'broken': technical_unsupervised, 'most': 0.5,
       'text': 'a TC row has no level of supervision'},
      {'of': divided, 'broken': divided_undivided, 'most': 0.01,
       'text': 'a code with a TC row has another PC/TC indicator than 1'},
      {'of': imaging, 'broken': two_families, 'most': 0.1, 'text': 'a code has two imaging families'},
      {'of': professional, 'broken': professional_facility_na, 'most': 0.5,
       'text': 'a 26 row has the NA flag of the facility'},
      {'of': no_concept, 'broken': one_nine, 'most': 0.001,
       'text': 'one of the co-surgeon and team indicators is 9'},
      {'of': no_concept, 'broken': bilateral_nine, 'most': 0.01,
       'text': 'one of the bilateral and co-surgeon indicators is 9'},
      {'of': no_concept, 'broken': assistant_nine, 'most': 0.016,
       'text': 'one of the assistant and co-surgeon indicators is 9'}
    ]) as proof
  from file, codes
)
select 'pprrvu' as file_kind, null::integer as source_line,
  format('in {:,} of {:,} rows or codes {}, where that is so in few or none: a column is not the one that its head says',
    proof.broken, proof.of, proof.text) as finding
from proof
-- Fewer rows prove nothing of a column, unless most of them contradict it.
where proof.broken > proof.most * proof.of and (proof.of >= 100 or (proof.of >= 50 and proof.broken > 0.8 * proof.of))
