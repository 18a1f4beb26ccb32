-- A stock of events: a child placed for adoption, in view for the 12 months from that day. The place is the home from which the
-- child entered care; the age and the team are those of the day of the placement.
create table adoption_placement as
with placed as (
    select table_id as permanence_id, person_id, entered_care_date, placed_for_adoption_date as day,
           lead(placed_for_adoption_date) over (partition by person_id order by placed_for_adoption_date, table_id) as next_day
    from permanence where placed_for_adoption_date is not null
)
select permanence_id, placed.day as start_date,
       -- a child placed a second time is still one child
       least(cast(placed.day + interval 1 year as date), next_day) as end_date,
       child_day.* exclude (day, age_band_of_month, locality, lad, planning_area, district),
       care_entry.* exclude (person_id, entered_care_date),
       placed.day < entered_care_date + interval 14 months as within_14_months
from placed
join child_day using (person_id, day)
join care_entry using (person_id, entered_care_date)
