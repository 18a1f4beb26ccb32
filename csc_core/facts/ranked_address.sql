-- Addresses in the order in which they place a child: of those open on a day the lowest rank holds, which is the one that started
-- last, then the one of the lowest id. Placements never place a child.
create table ranked_address as
select row_number() over (order by address_start_date desc, table_id) as rank, table_id, person_id, address_start_date, address_end_date,
       term(county) as county, term(locality) as locality, term(lad) as lad, term(planning_area) as planning_area, term(district) as district,
       easting, northing
from address;
