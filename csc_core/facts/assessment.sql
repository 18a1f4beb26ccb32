-- One row a completed single assessment, on the day it was authorised.
create table assessment as
select assessment_id, assessment_auth_date as date, child_day.* exclude (day, age_band_of_month, team, worker),
       coalesce(assessment_team, child_day.team) as team,
       coalesce(assessment_worker_id, case when assessment_team is null or assessment_team = child_day.team then child_day.worker end, 'not known') as worker,
       coalesce(assessment_outcome, 'not known') as assessment_outcome,
       coalesce(referral_source_code, 'not known') as referral_source,
       coalesce(cin_primary_need_code, 'not known') as primary_need,
       finished.working_days - started.working_days as working_days,
       coalesce(assessment_outcome_nfa = 'Y', false) as case_closed,
       -- any row of a factor, one left empty or not understood included
       exists (select 1 from assessment_factors where assessment_factors.assessment_id = cin_assessments.assessment_id) as factor_recorded
from cin_assessments
join child_day on child_day.person_id = cin_assessments.person_id and child_day.day = assessment_auth_date
join calendar as started on started.day = assessment_start_date
join calendar as finished on finished.day = assessment_auth_date
left join cin_episodes on cin_episodes.referral_id = cin_assessments.referral_id;
