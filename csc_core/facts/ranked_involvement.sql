-- Involvements in the order in which they give a child its team: of those open on a day the lowest rank holds, which is the case
-- holder's, then the one that started last, then the one of the lowest id.
create table ranked_involvement as
select row_number() over (
           order by professional_role_id is distinct from 'CASE_HOLDER', involvement_start_date desc, involvements_id) as rank,
       involvements_id, person_id, involvement_start_date, involvement_end_date, professional_role_id,
       term(professional_team) as professional_team, term(professional_id) as professional_id
from involvements;
