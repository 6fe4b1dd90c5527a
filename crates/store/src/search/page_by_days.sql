with matching as materialized (
    select ordinal from search_person
    where birth between $5 and $6 and death between $7 and $8
        and (facets << 3) & $1 = $2
        and ($4 = 2147483647 or (1 << (((facets << 3) >> $3) & 15)) & $4 <> 0)
    order by ordinal
    offset $9 limit $10
)
select s.id as "id!" from matching join search_person s on s.ordinal = matching.ordinal
order by s.ordinal
