//! How `SQLite` goes about the statements that run with every job: none may look at more rows than it is about, however
//! many jobs there are. It knows nothing of the rows' numbers, so what it does here is what it does everywhere.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Row as _};

use super::harness::{Database, TestStore};
use crate::store::sql::{self, BatchStatement, Dialect, Statement};

/// Tables that grow with the jobs.
const LARGE: [&str; 9] =
    ["job", "job_input", "job_label", "attempt", "log_chunk", "result", "checkpoint", "audit", "webhook_event"];

/// Statements that take and look for ready jobs.
static OF_CLAIMS: [(&str, &Statement); 12] = [
    ("READY", &sql::READY),
    ("CLAIM", &sql::CLAIM),
    ("CLAIM_SUSPECTS", &sql::CLAIM_SUSPECTS),
    ("HOLD_LIMITED", &sql::HOLD_LIMITED),
    ("CLAIM_LIMITED", &sql::CLAIM_LIMITED),
    ("CLAIM_LIMITED_SUSPECTS", &sql::CLAIM_LIMITED_SUSPECTS),
    ("CLAIM_GATED", &sql::CLAIM_GATED),
    ("CLAIM_GATED_SUSPECTS", &sql::CLAIM_GATED_SUSPECTS),
    ("CLAIM_GATED_LIMITED", &sql::CLAIM_GATED_LIMITED),
    ("CLAIM_GATED_LIMITED_SUSPECTS", &sql::CLAIM_GATED_LIMITED_SUSPECTS),
    ("HOLD_GATES", &sql::HOLD_GATES),
    ("OLDEST_READY", &sql::OLDEST_READY),
];

/// Statements that each batch may have, for many jobs at once.
static OF_BATCHES: [(&str, &BatchStatement); 22] = [
    ("CREATE_JOBS", &sql::CREATE_JOBS),
    ("INSERT_INPUTS", &sql::INSERT_INPUTS),
    ("INSERT_LABELS", &sql::INSERT_LABELS),
    ("CLAIM_ATTEMPTS", &sql::CLAIM_ATTEMPTS),
    ("SUPERSEDE_PROVISIONAL", &sql::SUPERSEDE_PROVISIONAL),
    ("RECOUNT_RESULTS", &sql::RECOUNT_RESULTS),
    ("APPEND_LOGS", &sql::APPEND_LOGS),
    ("INSERT_LOG_CHUNKS", &sql::INSERT_LOG_CHUNKS),
    ("APPEND_RESULTS", &sql::APPEND_RESULTS),
    ("INSERT_RESULTS", &sql::INSERT_RESULTS),
    ("SAVE_PROGRESS", &sql::SAVE_PROGRESS),
    ("SAVE_CHECKPOINTS", &sql::SAVE_CHECKPOINTS),
    ("INSERT_CHECKPOINTS", &sql::INSERT_CHECKPOINTS),
    ("DROP_OLD_CHECKPOINTS", &sql::DROP_OLD_CHECKPOINTS),
    ("END_TRIALS", &sql::END_TRIALS),
    ("FINISH", &sql::FINISH),
    ("CLOSE_ATTEMPTS", &sql::CLOSE_ATTEMPTS),
    ("CLOSE_GONE_ATTEMPTS", &sql::CLOSE_GONE_ATTEMPTS),
    ("REQUEST_STOPS", &sql::REQUEST_STOPS),
    ("STAND_OF_GATES", &sql::STAND_OF_GATES),
    ("APPEND_AUDIT", &sql::APPEND_AUDIT),
    ("PRUNE_JOBS", &sql::PRUNE_JOBS),
];

/// A database with the newest schema, beside the store that has it open.
async fn database(test: &TestStore) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(test.folder().join("cofferdam.db")).read_only(true);
    options.connect().await.expect("the file can be read")
}

/// What `SQLite` would do, step by step.
async fn plan(database: &mut SqliteConnection, statement: &'static str) -> Vec<String> {
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
    let rows = sqlx::query(explain).fetch_all(database).await.expect("a statement that it understands");
    rows.iter().map(|row| row.get::<String, _>("detail")).collect()
}

/// A step that goes through all rows of a large table.
fn reads_all(step: &str) -> bool {
    step.strip_prefix("SCAN ").is_some_and(|rest| LARGE.contains(&rest.split(' ').next().unwrap_or_default()))
}

#[tokio::test]
async fn claims_look_at_the_jobs_that_they_take_and_at_no_other() {
    let test = TestStore::open(Database::Sqlite).await;
    let mut database = database(&test).await;
    for (name, statement) in OF_CLAIMS {
        let plan = plan(&mut database, statement.text(Dialect::Sqlite)).await;
        assert!(!plan.iter().any(|step| reads_all(step)), "{name}: {plan:#?}");
        assert!(!plan.iter().any(|step| step.contains("job_by_")), "{name} looks at all pending jobs: {plan:#?}");
        // Suspects are few, and so are components with a number of jobs at once, and gates that are due at one time.
        let may_sort = ["CLAIM_SUSPECTS", "HOLD_LIMITED", "HOLD_GATES"].contains(&name);
        assert!(may_sort || !plan.iter().any(|step| step.contains("TEMP B-TREE")), "{name} sorts: {plan:#?}");
    }
}

#[tokio::test]
async fn writes_of_jobs_find_their_rows_by_key() {
    let test = TestStore::open(Database::Sqlite).await;
    let mut database = database(&test).await;
    for (name, statement) in OF_BATCHES {
        for rows in [1, 8, 64] {
            let plan = plan(&mut database, statement.for_values(rows).0).await;
            let by_status = |step: &String| step.contains("job_by_status");
            assert!(!plan.iter().any(|step| reads_all(step) || by_status(step)), "{name} with {rows} rows: {plan:#?}");
            assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE")), "{name} sorts: {plan:#?}");
        }
    }
}

#[test]
fn a_scan_of_a_large_table_is_noticed() {
    assert!(reads_all("SCAN job"));
    assert!(reads_all("SCAN job USING COVERING INDEX job_by_status"));
    assert!(!reads_all("SCAN w"));
    assert!(!reads_all("SEARCH job USING PRIMARY KEY (id=?)"));
}
