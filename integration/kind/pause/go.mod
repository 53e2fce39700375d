module cordanetes/pause

go 1.26
