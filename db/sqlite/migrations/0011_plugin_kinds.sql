-- What others must know of the users' own kinds of strategies, so that nobody but a trader runs their files.

-- The users' own kinds, as traders have loaded them: what others know of a kind without running its file.
create table plugin_kinds (
    digest text primary key, -- SHA-256 of the file that defines it
    name text not null,
    description text not null, -- JSON: name, doc, params, exits
    stored_ms integer not null
) strict, without rowid;

-- The bars that strategies of such kinds need before their first decision, by their parameters; those were checked.
create table plugin_warmups (
    digest text not null references plugin_kinds (digest) on delete cascade,
    params text not null, -- JSON
    warmup integer not null check (warmup >= 0),
    primary key (digest, params)
) strict, without rowid;
