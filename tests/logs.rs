//! A job's log in pages: numbers, order, levels, sources, limits.

use serde_json::json;

use crate::harness::{Host, Level, LogPage, Shared, Source, Status, assert_dense};

static HOST: Shared = Shared::new();

#[test]
fn lines_are_numbered_from_1_without_a_hole_and_keep_their_level() {
    use Level::{Critical, Debug, Error, Info, Trace, Warn};
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "log_odd_text"}));
    job.reaches(Status::Completed);
    let log = job.log();
    assert_dense(&log);
    let levels: Vec<_> = log.iter().map(|line| line.level).collect();
    assert_eq!(levels, [Trace, Debug, Info, Warn, Error, Critical, Info, Info, Info, Info, Info, Trace]);
    assert!(log.iter().all(|line| line.source == Source::Guest && line.attempt == 1 && !line.continued));
    assert_eq!((log[0].message.as_str(), log[1].message.as_str(), log[11].message.as_str()), ("begin", "", "end"));
    assert_eq!(log[4].message, "one\ntwo\r\nthree\rfour\u{2028}five\n", "a message keeps its line breaks");
    assert_eq!(log[9].message, "data: looks like an event\n\nevent: end");
    assert!(log[7].message.contains("👩‍👩‍👧‍👦"), "{}", log[7].message);
    assert!(log.iter().map(|line| &line.time).is_sorted());
}

#[test]
fn standard_streams_become_lines_of_their_source() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "write_streams"}));
    job.reaches(Status::Completed);
    for (source, level, name) in [(Source::Stdout, Level::Info, "out"), (Source::Stderr, Level::Warn, "err")] {
        let lines: Vec<_> = job.log().into_iter().filter(|line| line.source == source).collect();
        let messages: Vec<_> = lines.iter().map(|line| line.message.trim_end_matches('\r').to_owned()).collect();
        let expected = [": plain", ": bad \u{fffd} byte", ": cut ä"].map(|text| format!("{name}{text}"));
        assert_eq!(messages[..3], expected);
        assert_eq!(messages.last().map(String::as_str), Some(format!("{name}: no end").as_str()));
        assert!(lines.iter().all(|line| line.level == level));
    }
}

#[test]
fn pages_follow_each_other_by_number() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "flood_log", "lines": 2500, "bytes": 10}));
    job.reaches(Status::Completed);
    let default = job.log_page("");
    assert_eq!((default.lines.len(), default.next_after, default.ended), (100, 100, false));
    let first = job.log_page("limit=7");
    assert_eq!((first.lines.len(), first.next_after), (7, 7));
    let next = job.log_page("after=7&limit=1");
    assert_eq!((next.lines[0].seq, next.next_after), (8, 8));
    assert_eq!(job.log_page("limit=99999").lines.len(), 1000, "more counts as 1,000");
    let last = job.log_page("after=2499");
    assert_eq!((last.lines.len(), last.next_after, last.ended), (1, 2500, true));
    for after in [2500, 9999] {
        assert_eq!(
            job.log_page(&format!("after={after}")),
            LogPage { lines: vec![], gap: None, next_after: after, ended: true }
        );
    }
    let log = job.log();
    assert_dense(&log);
    assert_eq!(log.len(), 2500);
    assert!(log.iter().all(|line| line.message.starts_with(&line.seq.to_string())));
}

#[test]
fn a_wrong_place_or_size_of_a_page_is_400() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "count", "to": 1}));
    for (query, words) in [
        ("after=-1", "from 0"),
        ("after=x", "from 0"),
        ("after=99999999999999999999", "from 0"),
        ("limit=0", "1 to 1000"),
        ("limit=many", "1 to 1000"),
        ("offset=3", "`after`"),
    ] {
        let problem = job.get(&format!("/logs?{query}")).problem(400, "invalid_query");
        assert!(problem.detail.contains(words), "{query}: {}", problem.detail);
    }
}

#[test]
fn a_page_of_long_lines_stays_small_and_nothing_is_lost() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "flood_log", "lines": 1000, "bytes": 16_000}));
    job.reaches(Status::Completed);
    let page = job.get("/logs?limit=1000").expect(200);
    assert!(page.body.len() < 5 << 20, "a page of {} bytes", page.body.len());
    let log = job.log();
    assert_dense(&log);
    assert_eq!(log.len(), 1000);
}

#[test]
fn a_line_that_is_too_long_goes_on_in_lines_that_say_so() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "log_huge_line", "bytes": 100_000}));
    job.reaches(Status::Completed);
    let log = job.log();
    assert_dense(&log);
    let (last, pieces) = log.split_last().expect("lines");
    assert_eq!(last.message, "logged 100000 bytes at once");
    assert!(!pieces[0].continued && pieces[1..].iter().all(|line| line.continued) && !last.continued);
    assert!(pieces.iter().all(|line| line.message.len() <= 16 << 10));
    assert_eq!(pieces.iter().map(|line| line.message.as_str()).collect::<String>(), "ä".repeat(50_000));
}

#[test]
fn a_log_past_its_limit_is_counted_and_the_job_goes_on() {
    let host = Host::with(&["job.log=100 KiB"]);
    let job = host.hostile(json!({"behaviour": "flood_log", "lines": 5000, "bytes": 100}));
    job.reaches(Status::Completed);
    let log = job.log();
    assert_dense(&log);
    let (own, guests): (Vec<_>, Vec<_>) = log.iter().partition(|line| line.source == Source::Host);
    let kept: usize = guests.iter().map(|line| line.message.len()).sum();
    assert!(kept <= 100 << 10 && kept > 50 << 10, "{kept} bytes were kept");
    let own: Vec<_> = own.iter().map(|line| (line.level, line.message.as_str())).collect();
    assert!(own.len() == 2 && own.iter().all(|(level, _)| *level == Level::Warn), "two warnings: {own:?}");
    let dropped = (5000 - guests.len()).to_string();
    let count: String = own[1].1.chars().filter(|c| c.is_ascii_digit() || *c == ' ').collect();
    assert!(count.split_whitespace().any(|number| number == dropped), "{dropped} were dropped: {own:?}");
}

#[test]
fn numbers_go_on_over_attempts_and_each_line_says_which() {
    let host = HOST.host();
    let job = host.hostile(json!({"behaviour": "honour_stop_request"}));
    for attempt in 1..=3 {
        job.until("it waits", |job| job.attempt == attempt && job.last_log_seq == u64::from(attempt) * 2 - 1);
        job.stop_and_wait();
        if attempt < 3 {
            job.go_on();
        }
    }
    let log = job.log();
    assert_dense(&log);
    let attempts: Vec<_> = log.iter().map(|line| line.attempt).collect();
    assert_eq!(attempts, [1, 1, 2, 2, 3, 3]);
    assert!(job.log_page("after=5").ended);
}
