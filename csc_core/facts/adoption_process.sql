-- A stock: children for whom adoption was decided, from the decision until it is reversed or until three years after the
-- adoption order. A child not yet placed waits less than 14 months until 14 months have passed since entry to care.
create table adoption_process as
with decided as (
    select table_id, person_id, entered_care_date, placed_for_adoption_date as placed,
           cast(entered_care_date + interval 14 months as date) as fourteen_months,
           least(adm_decision_date, placed_for_adoption_date) as first_day,
           case when permanence_order_type = 'ADOPTION' then cast(permanence_order_date + interval 3 years as date)
                else least(permanence_order_date, decision_reversed_date) end as last_day
    from permanence where (adm_decision_date is not null or placed_for_adoption_date is not null)
      -- adopted, and nobody wrote when the child moved in: how long it waited is not known
      and (permanence_order_type is distinct from 'ADOPTION' or placed_for_adoption_date is not null)
),
-- a child with a second decision or placement is still one child
once as (
    select * replace (least(last_day, lead(first_day) over (partition by person_id order by first_day, table_id)) as last_day),
           coalesce(placed < fourteen_months, false) as placed_in_time
    from decided
),
stretch as (
    select *, first_day as start_date, case when placed_in_time then last_day else least(fourteen_months, last_day) end as end_date,
           true as within_14_months
    from once
    union all
    select *, greatest(first_day, fourteen_months), last_day, false from once where not placed_in_time
)
select table_id as permanence_id, start_date, end_date, county, sex, ethnic_group, disability,
       care_entry.* exclude (entered_care_date), within_14_months
from stretch
join care_entry using (person_id, entered_care_date)
join child_day on child_day.person_id = stretch.person_id and child_day.day = entered_care_date
where end_date is null or end_date > start_date;
