//! What is too old or too much goes, is told to be gone, and nothing else goes.

use std::thread;
use std::time::Duration;

use cofferdam_test_postgres::Cluster;
use serde_json::{Value, json};

use crate::harness::{Gap, Host, Job, Message, Status, cofferdam, eventually};

const MIB: u64 = 1 << 20;

fn logs_up_to(job: &Job) -> u64 {
    eventually("its log is gone", || Some(job.show().removed.logs_to).filter(|to| *to > 0))
}

/// Every way to read a log says what is gone.
fn a_gap_is_told(host: &Host) {
    let job = host.hostile(json!({"behaviour": "flood_log", "lines": 3_000, "bytes": 100}));
    job.ended();
    assert_eq!(logs_up_to(&job), 3_000);
    let gap = Gap { from: 1, to: 3_000, reason: "retention".to_owned() };
    let page = job.log_page("after=0");
    assert_eq!((page.gap.as_ref(), page.lines.len(), page.next_after, page.ended), (Some(&gap), 0, 3_000, true));
    assert_eq!(job.log_page("after=100").gap, Some(Gap { from: 101, ..gap.clone() }));
    assert_eq!(job.log_page("after=3000").gap, None);
    let told = |from| {
        let gap = Message::Gap { from, to: 3_000, reason: "retention".to_owned() };
        vec![gap, Message::End { status: Status::Completed, last_seq: 3_000 }]
    };
    assert_eq!(job.events(0).read_to_end(), told(1));
    assert_eq!(job.events(17).read_to_end(), told(18));
    assert_eq!(job.web_socket("after=17").read_to_end().0, told(18));
    let view = job.show();
    assert!(view.removed.logs_at.is_some() && view.last_log_seq == 3_000 && view.usage.log_bytes > 0, "{view:?}");

    let url = format!("http://{}", host.address());
    let printed = cofferdam(["job", "logs", &job.id, "--server", &url]).output().expect("it runs");
    let printed = String::from_utf8_lossy(&printed.stdout).into_owned();
    assert!(printed.contains("lines 1 to 3000 are gone: retention"), "{printed}");
    let shown = cofferdam(["job", "show", &job.id, "--server", &url]).output().expect("it runs");
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("log lines up to 3,000"), "{shown}");
}

#[test]
fn a_log_that_is_gone_is_a_gap_in_every_way_to_read_it() {
    a_gap_is_told(&Host::with(&["retention.logs=1s", "retention.look=1s"]));
}

#[test]
fn a_log_that_is_gone_is_a_gap_on_postgres_too() {
    let database = format!("database={}", Cluster::shared().create_database());
    a_gap_is_told(&Host::with(&[&database, "retention.logs=1s", "retention.look=1s"]));
}

#[test]
fn a_job_whose_log_went_is_resumed_and_its_numbers_go_on() {
    let host = Host::with(&["retention.logs=1s", "retention.look=1s"]);
    let job = host.hostile(json!({"behaviour": "count", "to": 40, "pause_ms": 20}));
    job.until("some results", |job| job.results >= 5 && job.checkpoint_saved_at.is_some());
    job.stop_and_wait();
    let gone = logs_up_to(&job);
    host.put(&job.path("/keep"), &json!({"keep": true})).expect(200);
    job.go_on();
    assert_eq!(job.ended().status, Status::Completed);
    let page = job.log_page("after=0&limit=1000");
    assert_eq!(page.gap.map(|gap| (gap.from, gap.to)), Some((1, gone)));
    let seqs: Vec<_> = page.lines.iter().map(|line| line.seq).collect();
    let last = job.show().last_log_seq;
    assert_eq!(seqs, (gone + 1..=last).collect::<Vec<_>>(), "dense behind the gap");
    let counted: Vec<_> = job.data().iter().map(|data| data["n"].as_u64()).collect();
    assert_eq!(counted, (1..=40).map(Some).collect::<Vec<_>>());
}

#[test]
fn a_job_whose_checkpoint_went_says_so_instead_of_starting_over() {
    let host = Host::with(&["retention.checkpoints=1s", "retention.look=1s"]);
    let job = host.hostile(json!({"behaviour": "count", "to": 1_000, "pause_ms": 10}));
    job.until("a checkpoint", |job| job.checkpoint_saved_at.is_some());
    job.stop_and_wait();
    eventually("its checkpoint is gone", || job.show().removed.checkpoint_at);
    let problem = job.resume(&json!({})).problem(409, "checkpoint_removed");
    assert!(problem.detail.contains("null there to start over"), "{problem:?}");
    job.get("/checkpoint").problem(404, "no_checkpoint");
    job.resume(&json!({"checkpoint": null, "inputs": {"behaviour": "count", "to": 3}})).expect(200);
    assert_eq!((job.ended().status, job.data().len()), (Status::Completed, 3));
}

#[test]
fn an_old_job_goes_as_a_whole_and_one_to_be_kept_stays() {
    let host = Host::with(&["retention.completed=1s", "retention.look=1s"]);
    let count = || host.hostile(json!({"behaviour": "count", "to": 3}));
    let (kept, old) = (count(), count());
    host.put(&kept.path("/keep"), &json!({"keep": true})).expect(200);
    kept.ended();
    eventually("the old one is gone", || (old.get("").status == 404).then_some(()));
    for part in ["", "/logs", "/logs/stream", "/results", "/checkpoint", "/attempts"] {
        old.get(part).problem(404, "unknown_job");
    }
    host.put(&old.path("/keep"), &json!({"keep": true})).problem(404, "unknown_job");
    host.put(&kept.path("/keep"), &json!({"keep": 1})).problem(400, "invalid_field");
    assert!(kept.show().keep);
    assert_eq!(kept.data().len(), 3);

    let told: Value = host.get("/v1/retention").read(200);
    assert_eq!(told["rules"]["completed"], "1s");
    assert_eq!((&told["removed"]["jobs"], &told["removed"]["last_reason"]), (&json!(1), &json!("age")));
    assert!(told["database"]["used_bytes"].as_u64() > Some(0) && told["database"]["limit_bytes"].is_u64(), "{told}");
    host.put(&kept.path("/keep"), &json!({"keep": false})).expect(200);
    eventually("it goes like any other", || (kept.get("").status == 404).then_some(()));
}

#[test]
fn settings_that_would_keep_nothing_are_refused_with_a_reason() {
    for (setting, told) in [
        ("retention.completed=0s", "nobody could read what goes at once"),
        ("retention.database=1MiB", "less holds no modules"),
        ("retention.database=much", "or auto, or none"),
        ("retention.modules=hello", "says nothing of the module"),
        ("retention.modules=hello logs=1d,hello jobs=3", "two rules of `hello`"),
        ("retention.jobs=0", "none for any number"),
    ] {
        let run = cofferdam(["serve", "--print-config", "--set", setting]).output().expect("it runs");
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(run.status.code() == Some(2) && said.contains(told), "{setting}: {:?} {said}", run.status);
    }
}

/// The sizes of the database's file and of its write-ahead log.
fn files(host: &Host) -> (u64, u64) {
    let bytes = |name: &str| std::fs::metadata(host.data_dir().join(name)).map_or(0, |file| file.len());
    (bytes("cofferdam.db"), bytes("cofferdam.db-wal"))
}

/// Clients that start jobs without a pause and wait for the end of each; meanwhile somebody looks, again and again.
fn while_busy(host: &Host, clients: u64, each: u64, mut look: impl FnMut()) {
    let work = |client: u64| {
        for number in 0..each {
            let job = if (client + number).is_multiple_of(2) {
                host.hostile(json!({"behaviour": "flood_log", "lines": 2_000, "bytes": 200}))
            } else {
                host.hostile(json!({"behaviour": "count", "to": 20, "padding_bytes": 20_000}))
            };
            eventually("it has ended", || {
                let answer = job.get("");
                // It may be gone before anybody sees its end.
                if answer.status == 404 {
                    return Some(());
                }
                let view: Value = answer.read(200);
                assert!(["pending", "running", "completed"].contains(&view["status"].as_str().unwrap_or("")), "{view}");
                (view["status"] == "completed").then_some(())
            });
        }
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..clients).map(|client| scope.spawn(move || work(client))).collect();
        while !clients.iter().all(thread::ScopedJoinHandle::is_finished) {
            look();
            thread::sleep(Duration::from_millis(10));
        }
    });
}

/// So many jobs were started: each is there, or retention says that it removed it.
fn all_are_accounted_for(host: &Host, started: u64) {
    let removed = || host.get("/v1/retention").read::<Value>(200)["removed"]["jobs"].as_u64().expect("a number");
    let there = || {
        let jobs = host.status().jobs;
        jobs.completed + jobs.stopped + jobs.pending + jobs.running + jobs.failed
    };
    eventually("each is there or was removed", || (there() + removed() == started).then_some(()));
    assert!(removed() > 0, "there was more than fits");
}

#[test]
fn a_busy_hosts_database_stays_within_its_bytes_and_every_job_is_accounted_for() {
    const LIMIT: u64 = 32 * MIB;
    /// What this load writes between two looks, on a slow machine.
    const SLACK: u64 = 16 * MIB;
    /// What the write-ahead log has before it is taken in, and what comes while that is done.
    const LOG: u64 = 96 * MIB;
    let host = Host::with(&["retention.database=32MiB", "retention.look=1s", "node.slots=8"]);
    let idle = host.hostile(json!({"behaviour": "count", "to": 1_000_000, "pause_ms": 200, "padding_bytes": 2_000}));
    idle.until("a checkpoint", |job| job.checkpoint_saved_at.is_some());
    let (mut most, mut looks) = ((0, 0), 0);
    while_busy(&host, 4, 120, || {
        let (file, log) = files(&host);
        assert!(file <= LIMIT + SLACK && log <= LOG, "{file} B and a log of {log} B at look {looks}");
        (most, looks) = ((most.0.max(file), most.1.max(log)), looks + 1);
    });
    println!("{looks} looks: {} KiB and a log of {} KiB at most", most.0 >> 10, most.1 >> 10);
    assert!(looks > 20, "{looks}");

    let view = idle.show();
    assert_eq!((view.status, view.removed.logs_to), (Status::Running, 0), "what runs is left alone");
    let counted: Vec<_> = idle.data().iter().map(|data| data["n"].as_u64()).collect();
    assert!(counted.len() as u64 >= view.results && counted.iter().copied().eq((1..=counted.len() as u64).map(Some)));
    idle.stop_and_wait();
    all_are_accounted_for(&host, 4 * 120 + 1);
}

#[test]
fn a_busy_host_on_postgres_stays_within_its_bytes_by_account() {
    const LIMIT: u64 = 16 * MIB;
    /// What this load writes between two looks, on a slow machine.
    const SLACK: u64 = 32 * MIB;
    let database = format!("database={}", Cluster::shared().create_database());
    let settings = [&database, "retention.database=16MiB", "retention.look=1s", "node.slots=8", "log.filter=info"];
    let hosts = [Host::with(&settings), Host::with(&settings)];
    let (mut most, mut looks) = ((0, 0), 0);
    while_busy(&hosts[0], 3, 50, || {
        // Either node tells the same.
        let told: Value = hosts[looks % 2].get("/v1/retention").read(200);
        let used = told["database"]["used_bytes"].as_u64().unwrap_or(0);
        assert!(used <= LIMIT + SLACK, "{told} at look {looks}");
        let jobs = told["removed"]["jobs"].as_u64().expect("a number");
        (most, looks) = ((most.0.max(used), most.1.max(jobs)), looks + 1);
    });
    println!("{looks} looks: {} KiB by account at most, {} jobs removed meanwhile", most.0 >> 10, most.1);
    assert!(most.0 > 0, "somebody added it up");
    all_are_accounted_for(&hosts[0], 3 * 50);
}

#[test]
fn room_that_retention_makes_ends_a_short_disk() {
    let settings = ["retention.completed=20s", "retention.look=1s"];
    let Some(host) = Host::on_small_disk(96 * MIB, &settings) else {
        println!("not run: this machine forbids mount namespaces");
        return;
    };
    let new_work =
        || host.post("/v1/jobs", &json!({"module_id": "hostile", "inputs": {"behaviour": "count", "to": 1}}));
    let database_bytes = || std::fs::metadata(host.data_dir_inside().join("cofferdam.db")).map_or(0, |file| file.len());
    let ended = || {
        let job = host.hostile(json!({"behaviour": "count", "to": 80, "padding_bytes": 100_000}));
        job.ended();
        job
    };
    let jobs = [ended(), ended(), ended()];
    assert!(database_bytes() > 20 * MIB, "{}", database_bytes());
    // Somebody else takes whatever comes free, for as long as these jobs are there.
    let filler = host.data_dir_inside().join("filler");
    let filler = std::fs::File::create(filler).expect("a new file");
    let fill = || {
        let free = || rustix::fs::fstatvfs(&filler).map_or(u64::MAX, |disk| disk.f_bavail * disk.f_frsize);
        while free() > 4 * MIB {
            std::io::Write::write_all(&mut &filler, &vec![b'x'; 256 << 10]).expect("there is room");
        }
    };
    let mut refused = 0;
    eventually("retention has taken them", || {
        fill();
        let answer = new_work();
        if answer.status != 201 {
            answer.problem(507, "disk_full");
            refused += 1;
        }
        jobs.iter().all(|job| job.get("").status == 404).then_some(())
    });
    assert!(refused > 0, "it was never short");
    eventually("the room goes back to the disk, and new work is taken", || {
        if database_bytes() >= 10 * MIB {
            fill();
            return None;
        }
        (new_work().status == 201).then_some(())
    });
}
