-- The stretches of days on which a child has a child protection plan of this authority.
create table plan_segment as
-- a child with two plans open at once is still one child: the plan that started last, then the lowest id
select child_stretch.person_id, start_date, end_date,
       arg_min(cp_plan_id, (-epoch(cast(cp_plan_start_date as timestamp)), cp_plan_id)) as cp_plan_id
from child_stretch join cp_plans using (person_id)
where cp_plan_start_date <= start_date and (cp_plan_end_date is null or cp_plan_end_date > start_date)
  and cp_plan_ola is distinct from 'Y'
group by all;
