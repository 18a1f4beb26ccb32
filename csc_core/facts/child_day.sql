-- Who the child was and where, on each day that something is counted. The one as-of join for the address and the one
-- for the team: every fact takes its place, age and team from here. `age_band` is that of the day, for events; `age_band_of_month` is
-- that of the last day of its month, for stocks (see child_stretch).
create or replace temp macro age_band_on(dob, expected_dob, day) as
    case when dob > day or (dob is null and expected_dob >= day) then 'unborn'
         when dob is null then 'not known'
         when years_on(dob, day) < 1 then 'under 1' when years_on(dob, day) < 5 then '1-4' when years_on(dob, day) < 10 then '5-9'
         when years_on(dob, day) < 16 then '10-15' when years_on(dob, day) < 18 then '16-17' else '18 and over' end;
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
-- overlapping addresses: the one that started last, then the lowest id; placements never place a child
home as (
    select counted.person_id, counted.day,
           arg_min(address, (-epoch(cast(address_start_date as timestamp)), address.table_id)) as address
    from counted join address on address.person_id = counted.person_id
        and address_start_date <= counted.day and (address_end_date is null or address_end_date > counted.day)
    group by all
),
-- the case holder's team first, then the involvement that started last, then the lowest id
worker as (
    select counted.person_id, counted.day,
           arg_min({'team': professional_team, 'worker': professional_id},
                   (case when professional_role_id = 'CASE_HOLDER' then 0 else 1 end,
                    -epoch(cast(involvement_start_date as timestamp)), involvements_id)) as one
    from counted join involvements on involvements.person_id = counted.person_id
        and involvement_start_date <= counted.day and (involvement_end_date is null or involvement_end_date > counted.day)
    group by all
),
-- as last recorded, whatever the day: a disability has no dates. A code left empty or not understood is not known
disabled as (
    select person_id, case when bool_or(disability_code <> 'NONE') then 'disabled'
                           when bool_or(disability_code is null) then 'not known' else 'not_disabled' end as disability
    from disabilities group by all
)
select counted.person_id, counted.day,
       age_band_on(dob, expected_dob, counted.day) as age_band,
       age_band_on(dob, expected_dob, last_day(counted.day)) as age_band_of_month,
       case when sex in ('F', 'M') then sex else 'not known' end as sex,
       coalesce(ethnic_group, 'not known') as ethnic_group,
       coalesce(disability, 'not known') as disability,
       coalesce(home.address.county, $county) as county,
       coalesce(home.address.locality, 'not known') as locality,
       coalesce(home.address.lad, 'not known') as lad,
       coalesce(home.address.planning_area, 'not known') as planning_area,
       coalesce(home.address.district, 'not known') as district,
       coalesce(worker.one.team, 'not allocated') as team,
       coalesce(worker.one.worker, 'not known') as worker
from counted
join persons using (person_id)
left join home using (person_id, day)
left join worker using (person_id, day)
left join disabled using (person_id)
left join ethnicity_group using (ethnicity);
