-- What fees take of what each strategy makes before them: above 1 it earns for the exchange alone.
select
    strategy_id, mode, quote, fees, total_pnl, total_pnl + fees as before_fees,
    case when total_pnl + fees > 0 then fees / (total_pnl + fees) end as fee_share
from strategy_performance
where round_trips > 0
order by fee_share desc, strategy_id;
