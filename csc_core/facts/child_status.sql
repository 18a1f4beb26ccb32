-- What a child's open case is, on each stretch of days, for DfE's count of children in need: `in_need`, `not_in_need`
-- (assessed so, and not yet closed), `decision_pending` (being assessed, or about to be) or `other`. The four are the bridge
-- from all open cases to DfE's figure.
create table child_status as
with assessment_of as (
    select cin_episodes.referral_id, cin_assessments.* exclude (referral_id)
    from cin_assessments join cin_episodes using (referral_id, person_id)
    union all
    -- its referral is not recorded, or not among the records: any case of the child that was open when it started
    select cin_episodes.referral_id, cin_assessments.* exclude (referral_id)
    from cin_assessments join cin_episodes using (person_id)
    where referral_date <= assessment_start_date and (close_date is null or close_date > assessment_start_date)
      and not exists (select 1 from cin_episodes as own
                      where own.referral_id = cin_assessments.referral_id and own.person_id = cin_assessments.person_id)
),
decided as (
    select *, case when assessment_outcome_nfa = 'Y' then 'not_in_need' when assessment_outcome_nfa = 'N' then 'in_need'
                   when assessment_outcome in ('CLOSED', 'EARLY_HELP', 'ADVICE') then 'not_in_need'
                   when assessment_outcome is not null then 'in_need' end as decision
    from assessment_of
),
-- each open case: the latest decision recorded by then, and whether one is under way
open_on as (
    select child_segment.person_id, start_date, cin_episodes.referral_id, referral_date, referral_nfa,
           arg_max(decision, (assessment_auth_date, assessment_id)) filter (assessment_auth_date <= start_date) as decision,
           coalesce(bool_or(assessment_auth_date is null or assessment_auth_date > start_date)
                    filter (assessment_id is not null), false) as under_way
    from child_segment
    join cin_episodes on cin_episodes.person_id = child_segment.person_id
        and referral_date <= start_date and (close_date is null or close_date > start_date)
    left join decided on decided.referral_id = cin_episodes.referral_id and assessment_start_date <= start_date
    group by all
),
ranked as (
    select person_id, start_date,
           case -- looked after or with a child protection plan a child is in need, even if no assessment is recorded
                when plan_segment.cp_plan_id is not null or looked_after then 1
                when referral_nfa = 'Y' then 4
                when decision = 'in_need' then 1
                when decision = 'not_in_need' then 3
                -- awaiting assessment: for two weeks from the referral one need not have begun
                when under_way or start_date < referral_date + 14 then 2
                else 4 end as rank
    from (
        select *, exists (select 1 from care_stretch where care_stretch.person_id = open_on.person_id
                          and care_stretch.start_date <= open_on.start_date
                          and (care_stretch.end_date is null or care_stretch.end_date > open_on.start_date)) as looked_after
        from open_on
    ) left join plan_segment using (person_id, start_date)
)
-- a child with two cases open is counted once, by the one that says most
select person_id, start_date,
       case min(rank) when 1 then 'in_need' when 2 then 'decision_pending' when 3 then 'not_in_need' else 'other' end as case_status
from ranked group by all;
