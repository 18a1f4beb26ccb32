-- Stretches of days on which nothing that a stock is split by can change: the address, the worker's team, the age band,
-- the case, its assessments, the child protection plan and being looked after. What is open on any day is then a plain count of rows.
-- A snapshot must not tell a day of birth. So a stock takes a child to be as old all month as on its last day, and the stretch begins
-- with the month: on the last day of a month, when most stocks are counted, the age is that of the day.
create macro years_on(dob, day) as
    year(day) - year(dob) - case when month(day) * 100 + day(day) < month(dob) * 100 + day(dob) then 1 else 0 end;
create table child_stretch as
with age as (select unnest([0, 1, 5, 10, 16, 17, 18, 22]) as years),
change as (
    select person_id, referral_date as day from cin_episodes
    union select person_id, close_date from cin_episodes
    -- the day from which a case without any assessment no longer awaits one (child_status)
    union select person_id, referral_date + 14 from cin_episodes
    union select person_id, assessment_start_date from cin_assessments
    union select person_id, assessment_auth_date from cin_assessments
    union select person_id, cp_plan_start_date from cp_plans
    union select person_id, cp_plan_end_date from cp_plans
    union select person_id, start_date from care_stretch
    union select person_id, end_date from care_stretch
    union select person_id, address_start_date from addresses
    union select person_id, address_end_date from addresses
    union select person_id, involvement_start_date from involvements
    union select person_id, involvement_end_date from involvements
    union select person_id, status_start_date from care_leavers
    union select person_id, status_end_date from care_leavers
    union select person_id, death_date from persons
    union select person_id, cast(date_trunc('month', expected_dob + 1) as date) from persons
    -- someone born on 29 February has a birthday on 1 March in other years
    union select person_id, cast(date_trunc('month', case when month(dob) = 2 and day(dob) = 29
                                                          then cast(dob - 1 + to_years(years) as date) + 1
                                                          else cast(dob + to_years(years) as date) end) as date)
          from persons cross join age
)
select person_id, day as start_date, lead(day) over (partition by person_id order by day) as end_date
from change where day is not null;
