-- One row a child protection plan, on the day it ended.
create table cp_plan_ended as
select cp_plan_id, cp_plan_end_date as date, child_day.* exclude (day, age_band_of_month),
       coalesce(cp_plan_latest_category, cp_plan_initial_category, 'not known') as cp_category,
       cp_plan_end_date >= cp_plan_start_date + interval 2 years as lasted_2_years -- two years to the day count
from cp_plans
join child_day on child_day.person_id = cp_plans.person_id and child_day.day = cp_plan_end_date
where cp_plan_ola is distinct from 'Y';
