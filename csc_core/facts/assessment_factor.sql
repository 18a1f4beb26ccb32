-- One row an assessment and factor, with all that is known of the assessment. A factor written twice is one; one that is
-- empty or not in the code list is `not known` and still a factor. Without a completed assessment there is no row.
create table assessment_factor as
select distinct assessment.*, coalesce(assessment_factor, 'not known') as factor, coalesce(factor_group, 'not known') as factor_group
from assessment
join assessment_factors using (assessment_id)
left join group_of_factor on group_of_factor.code = assessment_factor;
