-- Who the child was and where, on each day that something is counted. The one as-of join for the address and the one
-- for the team: every fact takes its place, age and team from here. `age_band` is that of the day, for events; `age_band_of_month` is
-- that of the last day of its month, for stocks (see child_stretch).
create macro age_band_on(dob, expected_dob, day) as
    case when dob > day or (dob is null and expected_dob >= day) then term('unborn')
         when dob is null then term('not known')
         when years_on(dob, day) < 1 then term('under 1') when years_on(dob, day) < 5 then term('1-4')
         when years_on(dob, day) < 10 then term('5-9') when years_on(dob, day) < 16 then term('10-15')
         when years_on(dob, day) < 18 then term('16-17') else term('18 and over') end;
create table child_day as
with counted as (
    select person_id, contact_date as day from contacts
    union select person_id, referral_date from cin_episodes
    union select person_id, assessment_auth_date from cin_assessments where assessment_auth_date is not null
    union select person_id, start_date from child_segment
    union select person_id, start_date from care_segment
    union select person_id, start_date from child_stretch semi join care_leavers using (person_id)
    union select person_id, entered_care_date from permanence
    union select person_id, placed_for_adoption_date from permanence where placed_for_adoption_date is not null
    union select person_id, due from health_due
    union select person_id, start_date from plan_segment
    union select person_id, start_date from overdue_segment
    union select person_id, s47_start_date from s47_enquiries
    union select person_id, icpc_date from s47_enquiries where icpc_date is not null
    union select person_id, cp_plan_start_date from cp_plans
    union select person_id, cp_plan_end_date from cp_plans where cp_plan_end_date is not null
),
home as (
    select counted.person_id, day, min(rank) as rank
    from counted join ranked_address on ranked_address.person_id = counted.person_id
        and address_start_date <= day and (address_end_date is null or address_end_date > day)
    group by all
),
worker as (
    select counted.person_id, day, min(rank) as rank
    from counted join ranked_involvement on ranked_involvement.person_id = counted.person_id
        and involvement_start_date <= day and (involvement_end_date is null or involvement_end_date > day)
    group by all
),
-- as last recorded, whatever the day: a disability has no dates. A code left empty or not understood is not known
disabled as (
    select person_id, case when bool_or(disability_code <> 'NONE') then 'disabled'
                           when bool_or(disability_code is null) then 'not known' else 'not_disabled' end as disability
    from disabilities group by all
),
person as (
    select persons.person_id, dob, expected_dob, term(case when sex in ('F', 'M') then sex else 'not known' end) as sex,
           term(coalesce(ethnic_group, 'not known')) as ethnic_group, term(coalesce(disability, 'not known')) as disability
    from persons left join disabled using (person_id) left join ethnicity_group using (ethnicity)
)
select counted.person_id, counted.day,
       age_band_on(dob, expected_dob, counted.day) as age_band,
       age_band_on(dob, expected_dob, last_day(counted.day)) as age_band_of_month,
       sex, ethnic_group, disability,
       coalesce(county, term($county)) as county,
       coalesce(locality, term('not known')) as locality,
       coalesce(lad, term('not known')) as lad,
       coalesce(planning_area, term('not known')) as planning_area,
       coalesce(district, term('not known')) as district,
       coalesce(professional_team, term('not allocated')) as team,
       coalesce(professional_id, term('not known')) as worker
from counted
join person using (person_id)
left join home using (person_id, day)
left join ranked_address on ranked_address.rank = home.rank
left join worker on worker.person_id = counted.person_id and worker.day = counted.day
left join ranked_involvement on ranked_involvement.rank = worker.rank;
