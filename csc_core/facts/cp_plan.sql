-- A stock: one row a child and stretch of days with a child protection plan. The category is the latest: when an earlier one
-- changed is not recorded.
create table cp_plan as
select cp_plan_id, start_date, end_date, child_day.* exclude (day, age_band) rename (age_band_of_month as age_band),
       coalesce(cp_plan_latest_category, cp_plan_initial_category, 'not known') as cp_category
from plan_segment
join child_day on child_day.person_id = plan_segment.person_id and child_day.day = start_date
join cp_plans using (cp_plan_id);
