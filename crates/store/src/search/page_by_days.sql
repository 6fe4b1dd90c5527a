with matching as materialized (
    select ordinal from search_person
    where (facets << 3) & $1 = $2 and (1 << (((facets << 3) >> $3) & 15)) & $4 <> 0
        and birth between $5 and $6 and death between $7 and $8
    order by ordinal
    offset $9 limit $10
)
select s.id as "id!" from matching join search_person s on s.ordinal = matching.ordinal
order by s.ordinal
