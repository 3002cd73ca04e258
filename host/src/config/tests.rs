//! Resolution through the public door: sources in, settings or sentences out.

use std::io::Write as _;

use super::*;
use crate::api::SettingOrigin;
use crate::domain::limits::MIB;

fn environment(variables: &[(&str, &str)]) -> Environment {
    variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile().expect("a temporary file");
    file.write_all(text.as_bytes()).expect("room for a few bytes");
    file
}

fn refusal(sources: Sources) -> String {
    sources.resolve().expect_err("these settings are wrong").to_string()
}

#[test]
fn flags_win_over_the_environment_over_the_file_over_the_defaults() {
    let file = file("listen = '127.0.0.1:1'\ndata_dir = 'from-file'\n[job]\nmemory = '64 MiB'\nresult = 2048\n");
    let variables =
        [("COFFERDAM_LISTEN", "127.0.0.1:2"), ("COFFERDAM_JOB_MEMORY", "65 MiB"), ("COFFERDAM_NODE_SLOTS", "7")];
    let sources = Sources {
        file: Some(file.path().to_owned()),
        environment: environment(&variables),
        flags: vec![
            Flag { name: "--listen".to_owned(), key: "listen".to_owned(), value: "127.0.0.1:3".to_owned() },
            Flag::assignment("job.checkpoint = 1 MiB").expect("an assignment"),
        ],
    };
    let resolved = sources.resolve().expect("all of it is right");
    let settings = &resolved.settings;
    assert_eq!(settings.listen.port(), 3);
    assert_eq!(settings.data_dir, std::path::Path::new("from-file"));
    assert_eq!(settings.job.memory, Size(65 * MIB));
    assert_eq!(settings.job.result, Size(2048));
    assert_eq!(settings.job.checkpoint, Size(MIB));
    assert_eq!(settings.node.slots, 7);
    assert_eq!(settings.job.log, JobSection::default().log);

    let shown = resolved.to_toml();
    for line in [
        "listen = \"127.0.0.1:3\"  # --listen".to_owned(),
        "memory = \"65 MiB\"  # environment variable COFFERDAM_JOB_MEMORY".to_owned(),
        format!("result = \"2 KiB\"  # {}", file.path().display()),
        "max_duration = \"none\"  # default".to_owned(),
        "checkpoint = \"1 MiB\"  # --set job.checkpoint".to_owned(),
    ] {
        assert!(shown.lines().any(|shown| shown == line), "no line `{line}` in\n{shown}");
    }
}

#[test]
fn what_is_shown_gives_the_same_settings_again() {
    let assignments = [
        "job.max_duration=2h 15m",
        "sandbox.cache=1 GiB",
        "data_dir=a \"b\" ü\\c",
        "log.format=json",
        "hosts=a.example, b.example",
    ];
    let flags = assignments.map(|text| Flag::assignment(text).expect("an assignment")).to_vec();
    let first = Sources { flags, ..Sources::default() }.resolve().expect("right");
    assert_ne!(first.settings, Settings::default());
    let file = file(&first.to_toml());
    let again = Sources { file: Some(file.path().to_owned()), ..Sources::default() }.resolve().expect("right");
    assert_eq!(again.settings, first.settings);
}

#[test]
fn an_unknown_key_is_named_with_its_file_and_the_nearest_right_one() {
    let file = file("[job]\nmemroy = '1 GiB'\n[nodes]\nslots = 3\n");
    let path = file.path().display().to_string();
    let refusal = refusal(Sources { file: Some(file.path().to_owned()), ..Sources::default() });
    for part in
        [format!("`job.memroy` in {path} is no setting; did you mean `job.memory`?"), "`node.slots`?".to_owned()]
    {
        assert!(refusal.contains(&part), "no `{part}` in {refusal}");
    }
}

#[test]
fn an_unknown_variable_is_refused_but_not_those_that_others_set() {
    let right = environment(&[
        ("COFFERDAM_PORT", "tcp://10.0.0.1:7171"),
        ("COFFERDAM_SERVICE_HOST", "10.0.0.1"),
        ("COFFERDAM_PORT_7171_TCP_ADDR", "10.0.0.1"),
        ("COFFERDAM_TOKEN", "x"),
        ("COFFERDAM_LISTEN", ""),
        ("COFFERDAM_LOG", "debug"),
    ]);
    let resolved = Sources { environment: right, ..Sources::default() }.resolve().expect("nothing is wrong");
    assert_eq!(resolved.settings.log.filter, "debug");
    assert_eq!(resolved.settings.listen, Settings::default().listen);
    let refusal = refusal(Sources { environment: environment(&[("COFFERDAM_SLOTS", "3")]), ..Sources::default() });
    assert!(refusal.contains("COFFERDAM_SLOTS") && refusal.contains("COFFERDAM_NODE_SLOTS?"), "{refusal}");
}

#[test]
fn a_value_of_the_wrong_kind_or_out_of_range_says_where_and_what_would_be_right() {
    let cases = [
        ("job.memory", "lots", "`lots` is no size; write it as 512 KiB, 256 MiB"),
        ("job.stop_grace", "90", "write it as 500ms, 90s"),
        ("job.max_duration", "often", "or none"),
        ("node.slots", "many", "is not"),
        ("node.slots", "0", "it must be 1 to 100000"),
        ("job.checkpoint", "1 GiB", "it must be 1 KiB to 16 MiB"),
        ("job.stop_grace", "11m", "it must be 0s to 10m"),
        ("job.max_duration", "0s", "no time at all"),
        ("listen", "here", "127.0.0.1:7171"),
        ("log.filter", "a=b=c", "write a level"),
        ("log.format", "yaml", "yaml"),
        ("hosts", "http://x", "without scheme and port"),
        ("database", "mysql://db/jobs", "postgres://user@host/database"),
        ("job", "1", "`job` in --set job"),
    ];
    for (key, value, part) in cases {
        let flags = vec![Flag::assignment(&format!("{key}={value}")).expect("an assignment")];
        let refusal = refusal(Sources { flags, ..Sources::default() });
        assert!(
            refusal.contains(key) && refusal.contains("--set") && refusal.contains(part),
            "{key}={value}: {refusal}"
        );
    }
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let flags = ["node.slots=0", "job.result=1"].map(|text| Flag::assignment(text).expect("an assignment"));
    let refusal = refusal(Sources { flags: flags.to_vec(), ..Sources::default() });
    assert!(refusal.contains("node.slots") && refusal.contains("job.result"), "{refusal}");
}

#[test]
fn a_missing_file_and_broken_toml_are_named() {
    let missing = Sources { file: Some("no/such.toml".into()), ..Sources::default() };
    assert!(refusal(missing).contains("no/such.toml"));
    let broken = file("listen = \n");
    let refusal = refusal(Sources { file: Some(broken.path().to_owned()), ..Sources::default() });
    assert!(refusal.contains("not valid TOML") && refusal.contains("line 1"), "{refusal}");
}

/// The keys of the example file, each with its line and whether it is said to change with a reload.
fn explained() -> Vec<(String, String, bool)> {
    let (mut section, mut keys) = (String::new(), Vec::new());
    for block in EXAMPLE.split("\n\n").map(|block| block.trim_start_matches('\n')) {
        if let Some(name) = block.lines().find_map(|line| line.strip_prefix('[')?.strip_suffix(']')) {
            section = format!("{name}.");
        }
        let reload = block.contains("[reload]");
        let settings = block.lines().filter_map(|line| line.strip_prefix('#').filter(|line| !line.starts_with(' ')));
        for line in settings.filter(|line| !line.is_empty()) {
            let key = line.split(" = ").next().expect("split gives one").to_owned();
            keys.push((format!("{section}{key}"), line.to_owned(), reload));
        }
    }
    keys
}

#[test]
fn the_example_explains_every_setting_with_its_default_and_whether_it_reloads() {
    let known = known::Known::of_defaults();
    let explained = explained();
    for key in known.keys() {
        assert!(explained.iter().any(|(there, ..)| there == key), "example.toml does not explain `{key}`");
    }
    for (key, line, reload) in &explained {
        assert_eq!(*reload, reload::is_changeable(key), "example.toml on the reload of `{key}`");
        assert!(EXAMPLE.contains(&format!("\n#{line}\n")), "{line}");
    }
    let commented_in = EXAMPLE.lines().map(|line| match line.strip_prefix('#') {
        Some(setting) if !setting.starts_with(' ') => setting,
        _ => line,
    });
    let file = file(&commented_in.collect::<Vec<_>>().join("\n"));
    let resolved = Sources { file: Some(file.path().to_owned()), ..Sources::default() }.resolve();
    let resolved = resolved.expect("the example is right");
    assert_eq!(resolved.settings, Settings::default());
    assert_eq!(resolved.chosen(), []);
    assert!(known.keys().all(|key| !resolved.is_default(key)), "each of them was read");
}

#[test]
fn a_reload_takes_what_may_change_and_keeps_the_rest() {
    let secret = "postgres://cofferdam:one@db/jobs".to_owned();
    let set = |assignments: &[&str]| {
        let flags = assignments.iter().map(|text| Flag::assignment(text).expect("an assignment")).collect();
        Sources { flags, ..Sources::default() }.resolve().expect("these are right").settings
    };
    let old = set(&[&format!("database={secret}"), "job.stop_grace=1s"]);
    let new = set(&["job.stop_grace=2s", "job.memory=1 MiB", "hosts=jobs.example.org", "node.slots=7"]);
    let next = old.reloaded(&new).expect("they fit together");
    assert_eq!(old.differing(&next), ["hosts", "job.stop_grace"]);
    assert_eq!(next.differing(&new), ["database", "job.memory", "node.slots"]);
    assert_eq!(next.database.to_string(), old.database.to_string());
    let Database::Postgres(url) = &next.database else { panic!("{:?}", next.database) };
    assert_eq!(url.reveal(), secret);
}

#[test]
fn each_setting_says_where_it_was_written_and_none_shows_a_password() {
    let file = file("[job]\nmemory = '64 MiB'\n");
    let url = "database=postgres://ada:secret-1@db/jobs?sslmode=require&password=secret-2";
    let sources = Sources {
        file: Some(file.path().to_owned()),
        environment: environment(&[("COFFERDAM_NODE_SLOTS", "7")]),
        flags: vec![Flag::assignment(url).expect("an assignment")],
    };
    let settings = sources.resolve().expect("right").each();
    let of = |key: &str| settings.iter().find(|setting| setting.key == key).expect(key);
    assert_eq!(of("job.memory").origin, SettingOrigin::File(file.path().display().to_string()));
    assert_eq!(of("node.slots").origin, SettingOrigin::Variable("COFFERDAM_NODE_SLOTS".to_owned()));
    assert_eq!(of("database").origin, SettingOrigin::Flag("--set database".to_owned()));
    assert_eq!(of("listen").origin, SettingOrigin::Default);
    assert_eq!((&of("job.memory").value, &of("job.memory").default), (&"64 MiB".into(), &"256 MiB".into()));
    assert_eq!(of("node.slots").value, 7);
    assert_eq!(of("database").value, "postgres://ada:***@db/jobs?sslmode=require&password=***");
    assert!(!format!("{settings:?}").contains("secret-"), "{settings:?}");
}
