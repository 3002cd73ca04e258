//! The rules of the house, checked on the sources. A rule that cannot be kept is changed here, with its reason.
//!
//! Each rule is tried on something that breaks it first, so that a rule that sees nothing does not pass for long.

#[path = "tidy/mod.rs"]
mod rules;

use rules::{Source, Tree};

/// Fails with all complaints at once.
#[track_caller]
fn expect_none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

/// Fails unless there is exactly one complaint, with this text in it.
#[track_caller]
fn expect_one(complaints: &[String], text: &str) {
    assert!(matches!(complaints, [only] if only.contains(text)), "not one complaint with `{text}`: {complaints:?}");
}

fn source(path: &str, text: &str) -> [Source; 1] {
    [Source::parse(path, text)]
}

#[test]
fn no_file_of_the_host_uses_a_floor_above_or_a_sibling() {
    expect_none(&rules::floor_breaches(&Tree::of_this_checkout().sources("host/src/")));
}

#[test]
fn a_breach_of_the_floors_is_seen_however_it_is_written() {
    let up = [
        ("host/src/domain/job.rs", "use crate::store::Store;"),
        ("host/src/domain/job.rs", "fn f() -> crate::store::Store { todo() }"),
        ("host/src/domain/job.rs", "use crate::{domain::JobId, store::{self, Store as S}};"),
        ("host/src/domain/mod.rs", "use super::store;"),
        ("host/src/domain/job/kind.rs", "use super::super::super::store::Store;"),
        ("host/src/domain/job.rs", "mod inner { use super::super::super::store::Store; }"),
        ("host/src/domain/job.rs", "fn f() { info!(\"{}\", crate::store::NAME); }"),
        ("host/src/domain/job.rs", "macro_rules! m { () => { $crate::store::Store } }"),
        ("host/src/scheduler/claim.rs", "pub(crate) use crate::api::State;"),
        ("host/src/api/routes.rs", "use crate::app::App;"),
    ];
    for (path, text) in up {
        let complaints = rules::floor_breaches(&source(path, text));
        assert!(!complaints.is_empty(), "not seen: {text}");
        assert!(complaints.iter().all(|it| it.contains("a floor never uses one above it")), "{text}: {complaints:?}");
    }
}

#[test]
fn siblings_on_a_floor_meet_only_where_the_scheduler_asks_the_registry() {
    let seen = |path, text| rules::floor_breaches(&source(path, text));
    expect_one(&seen("host/src/store/read.rs", "use crate::sandbox::Sandbox;"), "siblings never meet");
    expect_one(&seen("host/src/registry/add.rs", "use crate::scheduler::JobScheduler;"), "siblings never meet");
    expect_none(&seen("host/src/scheduler/claim.rs", "use crate::registry::Registry;"));
    expect_none(&seen("host/src/app.rs", "use crate::{config::Settings, lifecycle::Tracker};"));
}

#[test]
fn a_path_that_hides_its_floor_and_a_folder_without_one_are_refused() {
    let hidden = source("host/src/domain/job.rs", "use crate::JobScheduler;");
    expect_one(&rules::floor_breaches(&hidden), "does not say on which floor");
    expect_one(&rules::floor_breaches(&source("host/src/cellar/wine.rs", "")), "on no floor");
}

#[test]
fn what_is_allowed_on_the_floors_is_not_complained_about() {
    let text = "use crate::domain::JobId; use super::write::Write; mod tests { use super::*; } // crate::api\n\
                /// See `crate::api`.\nfn f() { std::mem::drop(\"crate::api\"); self.store.api(); }";
    expect_none(&rules::floor_breaches(&source("host/src/store/read/jobs.rs", text)));
}

#[test]
fn http_sql_and_wasmtime_and_spawned_tasks_stay_where_they_belong() {
    expect_none(&rules::out_of_place(&Tree::of_this_checkout().sources("host/src/")));
}

#[test]
fn something_out_of_place_is_seen() {
    let seen = |path, text| rules::out_of_place(&source(path, text));
    expect_one(&seen("host/src/scheduler/run.rs", "use axum::Router;"), "api/ alone");
    expect_one(&seen("host/src/registry/add.rs", "fn f() { ::sqlx::query(\"\"); }"), "store/ alone");
    expect_one(&seen("host/src/registry/add.rs", "#[derive(sqlx::FromRow)] struct Row;"), "store/ alone");
    expect_one(&seen("host/src/scheduler/run.rs", "use {wasmtime_wasi::p2};"), "sandbox/ alone");
    expect_one(&seen("host/src/api/add.rs", "fn f() { tokio::spawn(work()); }"), "outlives the shutdown");
    expect_one(&seen("host/src/api/add.rs", "use tokio::{sync::Mutex, task::{self, spawn}};"), "outlives the shutdown");
    expect_none(&seen("host/src/api/add.rs", "#[cfg(test)] mod tests { fn f() { tokio::spawn(work()); } }"));
    expect_none(&seen("host/src/scheduler/run.rs", "fn f() { tokio::spawn(work()); }"));
}

#[test]
fn no_file_function_or_folder_is_too_large() {
    let sources = Tree::of_this_checkout().sources("");
    for large in [rules::large_files(&sources), rules::large_folders(&sources)].concat() {
        println!("worth a look: {large}");
    }
    let complaints =
        [rules::oversized_files(&sources), rules::long_functions(&sources), rules::crowded_folders(&sources)].concat();
    expect_none(&complaints);
}

#[test]
fn something_too_large_is_seen() {
    expect_one(&rules::oversized_files(&source("host/src/app.rs", &"\n".repeat(601))), "601 lines");
    expect_none(&rules::oversized_files(&source("host/src/app.rs", &"\n".repeat(600))));
    assert_eq!(rules::large_files(&source("host/src/app.rs", &"\n".repeat(401))).len(), 1);

    let function = |lines: usize| format!("impl A {{ fn a(&self) -> [u8; 4] {{{}}} fn b(); }}", "\n".repeat(lines - 1));
    expect_one(&rules::long_functions(&source("host/src/app.rs", &function(71))), "`a` has 71 lines");
    expect_none(&rules::long_functions(&source("host/src/app.rs", &function(70))));

    let files = |count: usize| -> Vec<Source> {
        let numbered = (0..count).map(|number| Source::parse(&format!("host/src/api/f{number}.rs"), ""));
        numbered.chain([Source::parse("host/src/api/mod.rs", "")]).collect()
    };
    expect_one(&rules::crowded_folders(&files(16)), "host/src/api/: 16 files");
    expect_none(&rules::crowded_folders(&files(15)));
    assert_eq!(rules::large_folders(&files(11)).len(), 1);
    expect_none(&rules::large_folders(&files(10)));
}

#[test]
fn every_name_says_something() {
    expect_none(&rules::banned_names(&Tree::of_this_checkout().sources("")));
}

#[test]
fn a_name_that_says_nothing_is_seen() {
    for path in ["host/src/util.rs", "host/src/common/job.rs", "host/src/store/sql_helpers.rs", "tests/misc/mod.rs"] {
        expect_one(&rules::banned_names(&source(path, "")), "says nothing");
    }
    for text in ["struct JobManager;", "mod helpers {}", "pub(crate) enum ByteUtil {}"] {
        expect_one(&rules::banned_names(&source("host/src/app.rs", text)), "says nothing");
    }
    expect_none(&rules::banned_names(&source("host/src/store/commonplace.rs", "struct Utilised; // a manager")));
}

#[test]
fn every_mod_rs_is_a_table_of_contents() {
    expect_none(&rules::logic_in_mod_rs(&Tree::of_this_checkout().sources("")));
    expect_one(&rules::logic_in_mod_rs(&source("host/src/api/mod.rs", "mod a; fn b() {}")), "`fn b`");
    expect_none(&rules::logic_in_mod_rs(&source("host/src/api/mod.rs", "mod a; pub type F = fn(u8);")));
}

#[test]
fn architecture_md_names_every_folder_of_the_host() {
    let tree = Tree::of_this_checkout();
    let architecture = tree.text("ARCHITECTURE.md").expect("there is an ARCHITECTURE.md");
    expect_none(&rules::unnamed_folders(&tree.sources("host/src/"), &architecture));
}

#[test]
fn a_folder_that_architecture_md_leaves_out_is_seen() {
    let map = "`store/` holds SQL";
    expect_one(&rules::unnamed_folders(&source("host/src/api/jobs/start.rs", ""), map), "host/src/api/");
    expect_none(&rules::unnamed_folders(&source("host/src/store/read.rs", ""), map));
}

#[test]
fn every_behaviour_of_the_hostile_guest_has_a_test() {
    let tree = Tree::of_this_checkout();
    let list = tree.sources("tests/guests/hostile/src/list.rs");
    let behaviours = list.first().map(rules::behaviours_of).expect("the hostile guest has a list.rs");
    assert!(behaviours.len() > 30, "the list could not be read: {behaviours:?}");
    let mut tests = tree.sources("tests/");
    tests.retain(|test| !test.path.starts_with("tests/guests/") && !test.path.starts_with("tests/tidy"));
    expect_none(&rules::untested(&behaviours, &tests));
}

#[test]
fn a_behaviour_without_a_test_is_seen() {
    let list = Source::parse(
        "list.rs",
        "macro_rules! all { ($callback:ident) => { $callback! { spin: a::B, trap: c::D, } } }",
    );
    let behaviours = rules::behaviours_of(&list);
    assert_eq!(behaviours, ["spin", "trap"]);
    expect_one(&rules::untested(&behaviours, &source("tests/all.rs", "#[test] fn spin() {} // fn trap()")), "`trap`");
}

#[test]
fn the_host_dies_in_a_test_at_every_kind_of_commit() {
    let tree = Tree::of_this_checkout();
    let kinds = tree.text("host/src/store/failpoints.rs").expect("the places where it dies");
    let tests = tree.text("tests/crashes/failpoints.rs").expect("the tests that let it die");
    assert!(kinds.contains("=> \"claim\""), "the kinds could not be read");
    expect_none(&rules::unbroken(&kinds, &tests));
}

#[test]
fn a_kind_of_commit_without_a_death_is_seen() {
    let kinds = "Write::A => \"a\",\nWrite::B(_) => \"b\",";
    expect_one(&rules::unbroken(kinds, "const KINDS: [&str; 1] = [\"a\"];"), "`b`");
}

#[test]
fn every_promise_names_tests_that_there_are() {
    let tree = Tree::of_this_checkout();
    let promises = tree.text("docs/promises.md").expect("there is a docs/promises.md");
    let tests: Vec<Source> =
        ["tests/", "host/src/", "fuzz/"].into_iter().flat_map(|folder| tree.sources(folder)).collect();
    assert_eq!(promises.lines().filter(|row| row.starts_with("| ") && !row.starts_with("| |")).count(), 24);
    expect_none(&rules::unproven(&promises, &tests));
}

#[test]
fn every_way_to_lose_names_tests_that_there_are() {
    let tree = Tree::of_this_checkout();
    let ways = tree.text("docs/hostile-guests.md").expect("there is a docs/hostile-guests.md");
    let ways: Vec<&str> = ways.split("## Forty-two ways to lose").collect();
    let tests: Vec<Source> =
        ["tests/", "host/src/", "fuzz/"].into_iter().flat_map(|folder| tree.sources(folder)).collect();
    let [_, ways] = ways[..] else { panic!("the page has no such part") };
    let numbered = |row: &&str| row.split('|').nth(1).is_some_and(|cell| cell.trim().parse::<u32>().is_ok());
    assert_eq!(ways.lines().filter(numbered).count(), 42);
    expect_none(&rules::unproven(ways, &tests));
}

#[test]
fn a_promise_without_a_test_is_seen() {
    let tests = source("tests/all.rs", "#[test] fn it_holds() {}");
    expect_none(&rules::unproven("| | promise | tests |\n| 1 | It holds. | `it_holds` | |", &tests));
    expect_one(&rules::unproven("| 2 | It holds. | `it_held` | |", &tests), "promise 2 names `it_held`");
    expect_one(&rules::unproven("| 3 | It holds. | by hand | |", &tests), "promise 3 names no test");
}

#[test]
fn the_bindings_of_every_sdk_are_generated_from_the_contract() {
    let tree = Tree::of_this_checkout();
    let part = |path| tree.text(path).expect("it is a part of the contract");
    let contract = part("wit/module.wit") + &part("wit/module-http.wit");
    let paths: Vec<_> = tree.files().filter(|path| path.ends_with("/generated-from.wit")).collect();
    // Rust's are generated while it compiles.
    assert_eq!(paths.len(), 4, "{paths:?}");
    let copies: Vec<_> = paths.iter().map(|path| ((*path).to_owned(), tree.text(path).unwrap_or_default())).collect();
    expect_none(&rules::stale_bindings(&contract, &copies));
    expect_one(&rules::stale_bindings("another", &copies[..1]), "generate the bindings beside it anew");
}

#[test]
fn no_text_has_a_path_of_a_machine_or_a_host_of_a_registry() {
    let tree = Tree::of_this_checkout();
    let checkout = format!("{}/", tree.root().display());
    let mut complaints = Vec::new();
    for path in tree.files() {
        let Some(text) = tree.text(path) else { continue };
        complaints.extend(rules::machine_paths(path, &text, &checkout));
        if path.ends_with("package-lock.json") {
            complaints.extend(rules::addresses_in_lock_file(path, &text));
        }
    }
    expect_none(&complaints);
}

#[test]
fn a_path_of_a_machine_and_a_host_of_a_registry_are_seen() {
    let home = ["/ho", "me/ada/code"].concat();
    expect_one(&rules::machine_paths("README.md", &format!("cd {home}"), "/checkout/"), "README.md:1");
    expect_one(&rules::machine_paths("README.md", "\nsee /checkout/README.md", "/checkout/"), "README.md:2");
    expect_none(&rules::machine_paths("README.md", &format!("https://example.org{home}"), "/checkout/"));
    expect_none(&rules::machine_paths(
        "tests/jobs.rs",
        &["assert!(!text.contains(\"/ho", "me/\"))"].concat(),
        "/checkout/",
    ));
    expect_one(
        &rules::addresses_in_lock_file("package-lock.json", "{\n\"resolved\": \"https://x\"}"),
        "package-lock.json:2",
    );
    expect_none(&rules::addresses_in_lock_file("package-lock.json", "{\n\"resolved\": \"sdk\"}"));
}

#[test]
fn a_changelog_tells_what_changed() {
    let changelog = Tree::of_this_checkout().text("CHANGELOG.md").expect("there is a CHANGELOG.md");
    assert!(changelog.contains("## "), "CHANGELOG.md has no section: each change has a line under its version");
}
