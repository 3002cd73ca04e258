//! `cofferdam top`.

use std::sync::mpsc::TryRecvError;
use std::time::Duration;

use clap::Args;
use ratatui::crossterm::event::{Event, KeyEventKind, poll, read as next_event};
use ratatui::{DefaultTerminal, Terminal, backend::TestBackend};

use super::draw::draw;
use super::feed::{Feed, look};
use super::list::List;
use super::panel::{Panel, Wish};
use crate::cli::client::ResumeBody;
use crate::cli::output::Look;
use crate::cli::session::{Form, Session, say};
use crate::cli::{Exit, Failure};

/// How long a key may wait for the next picture.
const KEY_WAIT: Duration = Duration::from_millis(50);
/// The picture for a pipe.
const PIPE: (u16, u16) = (140, 60);

/// Watch what the server is doing
#[derive(Debug, Args)]
#[command(after_help = "\
Shows nodes and jobs, drawn anew once a second; keys choose a list and a job, and stop or resume it. In a pipe it prints
one picture and ends; with --json what GET /v1/status answers, a line each time, until it is interrupted.

Examples:
  cofferdam top
  cofferdam top --interval 5s
  cofferdam top | head -3
  cofferdam top --json --interval 10s | jq .jobs.pending")]
pub struct Top {
    /// How long to wait between two looks
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = interval)]
    interval: Duration,
}

fn interval(text: &str) -> Result<Duration, String> {
    let wrong = |why: String| format!("{why}; write a time from 200ms to 10m, such as 2s");
    let span = humantime::parse_duration(text).map_err(|error| wrong(error.to_string()))?;
    let range = Duration::from_millis(200)..=Duration::from_mins(10);
    if range.contains(&span) { Ok(span) } else { Err(wrong(format!("{text} is out of range"))) }
}

impl Top {
    pub(in crate::cli) fn execute(self, session: &Session) -> Result<Exit, Failure> {
        match (session.form, session.looks.out) {
            (Form::Json, _) => self.print_lines(session),
            (Form::People, Look::Plain) => print_once(session),
            (Form::People, Look::Mono | Look::Colour) => {
                // What is wrong from the start is said on a terminal as it was.
                session.client.status()?;
                let mut terminal = ratatui::try_init()?;
                let watched = self.watch(session, &mut terminal);
                ratatui::restore();
                watched.map(|()| Exit::Done)
            }
        }
    }

    fn print_lines(&self, session: &Session) -> Result<Exit, Failure> {
        loop {
            session.say_json(&session.client.status()?)?;
            std::thread::sleep(self.interval);
        }
    }

    fn watch(&self, session: &Session, terminal: &mut DefaultTerminal) -> Result<(), Failure> {
        let (server, look) = (session.client.base().to_owned(), session.looks.out);
        std::thread::scope(|scope| {
            let feed = Feed::start(scope, session, (List::default(), self.interval));
            let mut panel = Panel::default();
            loop {
                loop {
                    match feed.news.try_recv() {
                        Ok(news) => panel.take(news),
                        Err(TryRecvError::Empty) => break,
                        Err(TryRecvError::Disconnected) => {
                            return Err(Failure::failed("nobody asks the server any more"));
                        }
                    }
                }
                terminal.draw(|frame| draw(frame, &panel, (&server, look)))?;
                if !poll(KEY_WAIT)? {
                    continue;
                }
                let Event::Key(key) = next_event()? else { continue };
                if key.kind != KeyEventKind::Press {
                    continue;
                }
                match panel.key(key) {
                    Wish::Nothing => {}
                    Wish::Quit => return Ok(()),
                    Wish::Show(list) => feed.show(list),
                    wish => {
                        panel.note = Some(grant(session, &wish));
                        feed.show(panel.list);
                    }
                }
            }
        })
    }
}

/// Does what was wished, and says what came of it.
fn grant(session: &Session, wish: &Wish) -> String {
    let done = match wish {
        Wish::Stop(job) => session.client.stop_job(*job).map(|(_, stop)| {
            let now = if stop.stopped { "was asked to stop".to_owned() } else { format!("is {} already", stop.status) };
            format!("{job} {now}")
        }),
        Wish::Resume(job) => {
            session.client.resume_job(*job, &ResumeBody::default()).map(|_| format!("{job} is to go on"))
        }
        Wish::Nothing | Wish::Show(_) | Wish::Quit => Ok(String::new()),
    };
    done.unwrap_or_else(|failure| failure.sentence().to_owned())
}

/// One picture, for a pipe.
fn print_once(session: &Session) -> Result<Exit, Failure> {
    let mut panel = Panel::default();
    panel.take(look(session, List::default()));
    if let Some(lost) = &panel.lost {
        return Err(Failure::failed(lost.clone()));
    }
    let mut lines = picture(&panel, session.client.base(), PIPE);
    // There are no keys in a pipe.
    lines.pop();
    say(lines.join("\n").trim_end())?;
    Ok(Exit::Done)
}

/// The picture as text; the last line is about keys.
pub(super) fn picture(panel: &Panel, server: &str, (width, height): (u16, u16)) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("memory is a terminal");
    terminal.draw(|frame| draw(frame, panel, (server, Look::Mono))).expect("memory is a terminal");
    let buffer = terminal.backend().buffer();
    let line = |row| (0..width).map(|column| buffer[(column, row)].symbol()).collect::<String>().trim_end().to_owned();
    (0..height).map(line).collect()
}
