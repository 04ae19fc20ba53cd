-- Codes beside the sentences, and the levels that an entry has fixed. What was decided before is coded by what was done.

alter table decisions add column code text not null default '';
update decisions set code = coalesce(refusal, action);
alter table decisions drop column refusal;

alter table orders add column code text not null default '';
update orders set code = purpose;

alter table trades add column stop real;
alter table trades add column target real;
alter table trades add column trailing real;
