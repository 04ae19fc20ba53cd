-- What reports show to the last digit is stored: a difference or product of REALs would show its noise.

alter table trades add column cost real;
update trades set cost = case side
    when 'buy' then round(price * qty + case when fee_currency = (
        select s.quote from strategies s where s.strategy_id = trades.strategy_id) then fee_quote else 0 end, 8)
    else round(price * qty - fee_quote - pnl, 8) end;

alter table strategy_totals add column point_profit real;
update strategy_totals set point_profit = round(point_equity - point_capital, 8);
alter table run_totals add column point_profit real;
update run_totals set point_profit = round(point_equity - point_capital, 8);

alter table equity add column profit real;
update equity set profit = round(equity - (select r.capital from runs r where r.run_id = equity.run_id), 8);
