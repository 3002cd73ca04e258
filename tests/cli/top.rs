//! `cofferdam top`: on a terminal, in a pipe, for programs.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::Program;
use crate::harness::{Guest, Host, Status, cofferdam, eventually};

#[test]
fn a_pipe_gets_one_picture() {
    let host = Host::start();
    host.has(Guest::Hello);
    let job = host.start_job(&json!({"module_id": "hello"}));
    assert_eq!(job.ended().status, Status::Completed);
    let shown = Program::ask(&host, &["top"]).expect(0).stdout;
    assert!(shown.contains("✓ completed 1") && shown.contains("no job is running"), "{shown}");
    assert!(!shown.contains("quit") && !shown.contains('\u{1b}'), "{shown}");
}

#[test]
fn a_server_that_is_not_there_is_an_error_and_so_is_an_interval_of_nothing() {
    Program::run(&["top", "--server", "http://127.0.0.1:1"]).refused(1, "127.0.0.1:1");
    Program::run(&["top", "--interval", "0s"]).refused(2, "200ms");
}

/// A program on a terminal of its own: what stands on the screen, and the keys for it.
struct OnTerminal {
    child: std::process::Child,
    screen: Arc<Mutex<vt100::Parser>>,
}

impl OnTerminal {
    fn start(line: &str) -> Self {
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command", &format!("stty cols 140 rows 40; {line}"), "/dev/null"]);
        command.env("TERM", "xterm").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().expect("`script`, which every Debian has");
        let mut out = child.stdout.take().expect("a pipe");
        let screen = Arc::new(Mutex::new(vt100::Parser::new(40, 140, 0)));
        let drawn = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = out.read(&mut bytes) {
                drawn.lock().expect("nobody panics").process(&bytes[..read]);
            }
        });
        Self { child, screen }
    }

    /// Waits until something stands on the screen.
    fn shows(&self, what: &str) {
        let contents = || self.screen.lock().expect("nobody panics").screen().contents();
        eventually(what, || contents().contains(what).then_some(()));
    }

    fn press(&mut self, keys: &str) {
        self.child.stdin.as_mut().expect("a pipe").write_all(keys.as_bytes()).expect("it reads");
    }
}

#[test]
fn a_terminal_is_drawn_anew_and_its_keys_stop_a_job() {
    let host = Host::start();
    let job = host.hostile(json!({"behaviour": "spin"}));
    job.reaches(Status::Running);
    let program = cofferdam(["top"]).get_program().to_string_lossy().into_owned();
    let line = format!("'{program}' top --interval 200ms --server http://{}", host.address());
    let mut top = OnTerminal::start(&line);
    top.shows(&job.id);
    top.press("js");
    top.shows("y for yes");
    top.press("y");
    assert_eq!(job.ended().status, Status::Stopped);
    top.shows("no job is running");
    top.press("4");
    top.shows("■ stopped   hostile@");
    top.press("q");
    assert!(top.child.wait().expect("it ends").success());
}

#[test]
fn a_program_gets_the_status_as_a_line_each_time() {
    let host = Host::start();
    let mut command = cofferdam(["top", "--json", "--interval", "200ms"]);
    command.args(["--server", &format!("http://{}", host.address())]).stdout(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().expect("a pipe")));
    for line in lines.take(2) {
        let status: Value = serde_json::from_str(&line.expect("a line")).expect("JSON");
        assert_eq!(status["jobs"]["running"], 0);
    }
    child.kill().expect("it runs");
    child.wait().expect("it ended");
}
