-- One row a child protection plan, on the day it started, with the category it started with.
create table cp_plan_started as
with numbered as (
    select *, count(*) over (
        partition by person_id order by cp_plan_start_date
        -- an earlier day: rows of the same day are taken for duplicates of each other
        range between unbounded preceding and interval 1 day preceding) as earlier_plans
    from cp_plans
)
select cp_plan_id, cp_plan_start_date as date, child_day.* exclude (day, age_band_of_month),
       coalesce(cp_plan_initial_category, 'not known') as cp_category,
       -- the number that came with the plan knows of plans from before the records and of other authorities
       coalesce(number_of_previous_cp_plans, earlier_plans) as previous_plans
from numbered
join child_day on child_day.person_id = numbered.person_id and child_day.day = cp_plan_start_date
where cp_plan_ola is distinct from 'Y';
