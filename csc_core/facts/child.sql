-- Every child of whom anything is counted, with what is kept of who it is: the month of birth (of one not born yet none), and of the
-- last home recorded the areas and the kilometre of the national grid that it lies in. Neither the day of birth nor the postcode.
create table child as
with last_home as (
    select person_id, min(rank) as rank from ranked_address group by person_id
)
select persons.person_id, cast(date_trunc('month', dob) as date) as birth_month,
       coalesce(county, term($county)) as county,
       coalesce(locality, term('not known')) as locality,
       coalesce(lad, term('not known')) as lad,
       coalesce(planning_area, term('not known')) as planning_area,
       coalesce(district, term('not known')) as district,
       easting, northing
from persons
semi join child_day on child_day.person_id = persons.person_id
left join last_home on last_home.person_id = persons.person_id
left join ranked_address using (rank);
