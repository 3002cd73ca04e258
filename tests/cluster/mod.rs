//! Several hosts on one PostgreSQL: work spreads, nothing is lost with a node, and any node answers for all.

mod database;
mod leases;
mod network;
mod nodes;
mod schedules;
mod together;
mod work;
